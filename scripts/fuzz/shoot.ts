// Sends hostile questions to the running service and counts how they ended: by batches where they are questions,
// one by one where the token travels elsewhere or the body is no question any more.

import { parseQuery } from '../../service/contract/parse-query.ts'
import type { Query } from '../../service/contract/query.ts'
import type { Party } from '../../test/support/party.ts'
import type { Kind } from './kinds.ts'

export type Shot = { readonly kind: Kind; readonly token: string }

/** What came of one: refused, or what it must never be. */
export type Ending = 'refused' | 'permit' | 'crash'

type Answer = { readonly effect?: string; readonly problem?: { readonly status: number } }

/** Who asks, and with which credential, the same again and again. */
export type Shooter = { readonly party: Party; readonly credential: string }

export async function shootAll(by: Shooter, shots: readonly Shot[]): Promise<readonly Ending[]> {
  const batched = shots.filter(isQuestion)
  const alone = shots.filter((shot) => !batched.includes(shot))
  const together = batched.length === 0 ? [] : await shootBatch(by, batched)
  return [...together, ...(await Promise.all(alone.map((shot) => shoot(by, shot))))]
}

function isQuestion({ kind, token }: Shot): boolean {
  if (kind.way !== 'evaluate') return false
  try {
    parseQuery(Buffer.from(JSON.stringify(kind.with(token))))
    return true
  } catch {
    return false
  }
}

async function shootBatch(
  { party, credential }: Shooter,
  shots: readonly Shot[],
): Promise<readonly Ending[]> {
  const queries: readonly Query[] = shots.map(({ kind, token }) => kind.with(token))
  const { status, body } = await party.call('/v1/decisions/batch', { queries }, bearer(credential))
  if (status !== 200) return shots.map(() => 'crash' as const)
  return (body['decisions'] as readonly Answer[]).map(({ effect, problem }) => {
    if (effect === undefined) return (problem?.status ?? 500) >= 500 ? 'crash' : 'refused'
    return effect === 'deny' ? 'refused' : 'permit'
  })
}

/** One alone; also how a genuine token is asked with. */
export async function shoot(by: Shooter, { kind, token }: Shot): Promise<Ending> {
  const { status, body } = await send(by, kind, token)
  if (status >= 500) return 'crash'
  if (kind.way !== 'evaluate') return status >= 400 ? 'refused' : 'permit'
  return status === 200 && body['effect'] !== 'deny' ? 'permit' : 'refused'
}

async function send({ party, credential }: Shooter, kind: Kind, token: string) {
  if (kind.way === 'event') {
    const headers = { 'content-type': 'application/secevent+jwt', authorization: '' }
    return await party.call('/v1/security-events', token, headers)
  }
  const query = kind.with(token)
  if (kind.way === 'evaluate') return await party.call('/v1/decisions', query, bearer(credential))
  // What no header can carry cannot be sent as one; it is as refused as it gets.
  const sent = /^[\u0020-\u007e\u0080-\u00ff]*$/u.test(token) ? token : encodeURIComponent(token)
  return await party.call('/v1/decisions', query, bearer(sent))
}

function bearer(credential: string): { authorization: string } {
  return { authorization: `Bearer ${credential}` }
}
