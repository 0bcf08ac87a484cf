// A run of the fuzzer: rounds at a service of their own, each between two controls that must be permitted, since a
// service that refuses everything would pass too.

import { createServiceLog } from '../../service/telemetry/service-log.ts'
import { createTestIssuer, type TestIssuer } from '../../test/support/issuer.ts'
import { held, type Held } from '../isolation/held.ts'
import { startGround, type Ground } from './ground.ts'
import type { Kind } from './kind.ts'
import { job } from './kind/bearers.ts'
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
/** Of so many shots one is of a kind that costs a handshake. */
const rarity = 100

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
  const ground = await startGround(job, log)
  const { party } = ground
  const after: Held[] = []
  try {
    const stranger = await createTestIssuer('ES256', 'stranger', null)
    await control(ground, stranger)
    const by = { party, credential: await party.credential() }
    const pick = pickerOf(await kindsOf(ground, stranger), random)
    const load = async (): Promise<Shot> => {
      const kind = pick()
      return { kind, token: await kind.hostile(random) }
    }
    for (const queries of slices) {
      await fire(queries, load, (shots) => tally(by, shots, count))
      after.push(held())
    }
    await control(ground, stranger)
  } finally {
    await ground.stop()
  }
  return after
}

function pickerOf(kinds: readonly Kind[], random: Random): () => Kind {
  const rare = kinds.filter((kind) => 'isRare' in kind)
  const usual = kinds.filter((kind) => !rare.includes(kind))
  return () => random.pick(random.below(rarity) === 0 ? rare : usual)
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
async function control(ground: Ground, stranger: TestIssuer): Promise<void> {
  const { party } = ground
  const by = { party, credential: await party.credential() }
  for (const kind of await kindsOf(ground, stranger)) {
    const ending = await shoot(by, { kind, token: kind.genuine })
    if (ending !== 'permit')
      throw new Error(`a genuine ${kind.name} is not permitted: nothing is shown`)
  }
}
