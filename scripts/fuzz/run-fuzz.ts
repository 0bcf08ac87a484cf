// A run of the fuzzer: rounds at a service of their own, each between two controls that must be permitted, since a
// service that refuses everything would pass too.

import { createServiceLog } from '../../service/telemetry/service-log.ts'
import { createTestIssuer } from '../../test/support/issuer.ts'
import type { Stage } from '../../test/support/stage.ts'
import { held, type Held } from '../isolation/held.ts'
import { startGround } from './ground.ts'
import { hostileOf } from './hostile-token.ts'
import { kindsOf } from './kinds.ts'
import { randomOf, type Random } from './random.ts'
import { shoot, shootAll, type Shooter, type Shot } from './shoot.ts'

export type FuzzPlan = {
  readonly queries: number
  readonly seed: number
  /** Questions at one service; then it is stopped and its data deleted. */
  readonly round: number
  /** Questions after which it is looked at what the process holds. */
  readonly slice: number
  readonly say: (line: string) => void
}

export type FuzzResult = {
  readonly queries: number
  readonly permits: number
  readonly crashes: number
  /** Shots by kind, and the first tokens that were permitted. */
  readonly byKind: ReadonlyMap<string, number>
  readonly examples: readonly string[]
  /** Of each round, after each slice: what a service holds is compared with what the same one held before. */
  readonly held: readonly (readonly Held[])[]
}

type Count = {
  permits: number
  crashes: number
  readonly byKind: Map<string, number>
  readonly examples: string[]
}

const batch = 32
const flying = 4

export async function runFuzz({ queries, seed, round, slice, say }: FuzzPlan): Promise<FuzzResult> {
  const random = randomOf(seed)
  const count: Count = { permits: 0, crashes: 0, byKind: new Map(), examples: [] }
  const after: (readonly Held[])[] = []
  for (let asked = 0; asked < queries; asked += round) {
    const slices = slicesOf(Math.min(round, queries - asked), slice)
    after.push(await playRound(slices, random, count))
    const now = Math.min(asked + round, queries)
    say(`${String(now)} queries permits ${String(count.permits)} crashes ${String(count.crashes)}`)
  }
  return { queries, ...count, held: after }
}

function slicesOf(queries: number, slice: number): readonly number[] {
  const whole = Array.from({ length: Math.floor(queries / slice) }, () => slice)
  return queries % slice === 0 ? whole : [...whole, queries % slice]
}

async function playRound(
  slices: readonly number[],
  random: Random,
  count: Count,
): Promise<readonly Held[]> {
  const log = createServiceLog({ silent: true })
  // A fault of ours is a line of this level, whatever was answered.
  log.error = ((): typeof log => {
    count.crashes += 1
    return log
  }) as typeof log.error
  const stage = await startGround(log)
  const after: Held[] = []
  try {
    await control(stage)
    const by = { party: stage.a, credential: await stage.a.credential() }
    const kinds = await kindsOf(stage.a)
    const stranger = await createTestIssuer('ES256', 'stranger', null)
    const load = async (): Promise<Shot> => {
      const kind = random.pick(kinds)
      return { kind, token: await hostileOf(kind.genuine, stranger, random) }
    }
    for (const queries of slices) {
      await fire(queries, load, (shots) => tally(by, shots, count))
      after.push(held())
    }
    await control(stage)
  } finally {
    await stage.stop()
  }
  return after
}

async function fire(
  queries: number,
  load: () => Promise<Shot>,
  shoot: (shots: readonly Shot[]) => Promise<void>,
): Promise<void> {
  let left = queries
  const gun = async (): Promise<void> => {
    while (left > 0) {
      const size = Math.min(batch, left)
      left -= size
      await shoot(await Promise.all(Array.from({ length: size }, load)))
    }
  }
  await Promise.all(Array.from({ length: flying }, gun))
}

async function tally(by: Shooter, shots: readonly Shot[], count: Count): Promise<void> {
  for (const { kind } of shots) count.byKind.set(kind.name, (count.byKind.get(kind.name) ?? 0) + 1)
  const endings = await shootAll(by, shots)
  const crashes = endings.filter((ending) => ending === 'crash').length
  count.crashes += crashes
  if (!endings.includes('permit')) return
  // Which one it was: a proof that passed once is spent, so the rest is named by kind.
  count.permits += endings.filter((ending) => ending === 'permit').length
  for (const shot of shots)
    if (count.examples.length < 5 && (await shoot(by, shot)) === 'permit')
      count.examples.push(`${shot.kind.name}: ${shot.token}`)
}

/** Every kind of proof, fresh and as it should be, is permitted. @throws Error that names the one that is not */
async function control({ a }: Stage): Promise<void> {
  const by = { party: a, credential: await a.credential() }
  const { length } = await kindsOf(a)
  for (let at = 0; at < length; at += 1) {
    const kind = (await kindsOf(a))[at]
    if (kind === undefined) continue
    const ending = await shoot(by, { kind, token: kind.genuine.compact })
    if (ending !== 'permit')
      throw new Error(`a genuine ${kind.name} is not permitted: nothing is shown`)
  }
}
