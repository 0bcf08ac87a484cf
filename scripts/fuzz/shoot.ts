// Sends hostile questions to the running service and counts how they ended: by batches where they are questions,
// one by one where the token travels elsewhere or the body is no question any more.

import { parseQuery } from '../../service/contract/parse-query.ts'
import type { Query } from '../../service/contract/query.ts'
import type { Party } from '../../test/support/party.ts'
import type { Ending, Kind } from './kind.ts'
import { endingOf } from './kind/gateways.ts'

export type Shot = { readonly kind: Kind; readonly token: string }

type Answer = { readonly effect?: string; readonly problem?: { readonly status: number } }

/** Who asks, and with which credential, the same again and again. */
export type Shooter = { readonly party: Party; readonly credential: string }

/** One shot with the question that it became; null for what travels elsewhere. */
type Loaded = Shot & { readonly query: Query | null }

/** How each of them ended, in their order. */
export async function shootAll(by: Shooter, shots: readonly Shot[]): Promise<readonly Ending[]> {
  const loaded = await Promise.all(shots.map(load))
  const questions = loaded.map(({ query }) => query).filter((query) => query !== null)
  const batched = questions.filter(isQuestion)
  const endings = new Map(batched.length === 0 ? [] : await shootBatch(by, batched))
  return await Promise.all(
    loaded.map(async (one) => (one.query && endings.get(one.query)) ?? (await send(by, one))),
  )
}

/** One alone; also how a genuine token is asked with. */
export async function shoot(by: Shooter, shot: Shot): Promise<Ending> {
  return await send(by, await load(shot))
}

async function load(shot: Shot): Promise<Loaded> {
  const { kind, token } = shot
  return { ...shot, query: 'with' in kind ? await kind.with(token) : null }
}

async function send({ party, credential }: Shooter, { kind, token, query }: Loaded) {
  if ('alone' in kind) return await kind.alone(token)
  const { status, body } = await party.call('/v1/decisions', query, bearer(credential))
  return endingOf(status, body['effect'])
}

function isQuestion(query: Query): boolean {
  try {
    parseQuery(Buffer.from(JSON.stringify(query)))
    return true
  } catch {
    return false
  }
}

async function shootBatch(
  { party, credential }: Shooter,
  queries: readonly Query[],
): Promise<readonly (readonly [Query, Ending])[]> {
  const { status, body } = await party.call('/v1/decisions/batch', { queries }, bearer(credential))
  if (status !== 200) return queries.map((query) => [query, 'crash'])
  const answers = body['decisions'] as readonly Answer[]
  return queries.map((query, at) => [query, endingOfOne(answers[at] ?? {})])
}

function endingOfOne({ effect, problem }: Answer): Ending {
  if (effect === undefined) return (problem?.status ?? 500) >= 500 ? 'crash' : 'refused'
  return effect === 'deny' ? 'refused' : 'permit'
}

function bearer(credential: string): { authorization: string } {
  return { authorization: `Bearer ${credential}` }
}
