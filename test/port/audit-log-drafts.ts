/** What the suite of the audit log appends, and how it looks at what comes back. */
import { createHash } from 'node:crypto'
import { compactVerify, importJWK, type JWK } from 'jose'
import { keepingOf } from '../../service/audit/keeping.ts'
import type { AuditLog, Draft, Preconditions } from '../../service/port/audit-log.ts'
import { digestOf } from '../../service/statement/digest.ts'
import { sampleDraft, sampleEvent } from '../../scripts/sample-draft.ts'

/** What both adapters have beyond the port. */
export type TestedLog = AuditLog & {
  readonly publicKeys: readonly object[]
  time(): number
  root(): string
}

/** Erases as the service does: by a leaf that says so. */
export async function erase(log: AuditLog, subject: string): Promise<void> {
  const draft = sampleEvent(`evt_erasure_${String(log.head().size)}`, null, now)
  const event = { subject, by: 'privacy', reason: 'asked for' }
  const claims = { ...draft.claims, kind: 'erasure', event } as Draft['claims']
  await log.append({ ...draft, claims }, null)
}

/** Ends a class as the service does: by a leaf that says so. */
export async function endClass(log: AuditLog, name: string, before: number): Promise<void> {
  const draft = sampleEvent(`evt_retention_${String(log.head().size)}`, null, now)
  const event = { kind: 'retention', class: name, before, keep_days: 1 }
  const claims = { ...draft.claims, kind: 'erasure', event } as Draft['claims']
  await log.append({ ...draft, claims }, null)
}

/** Of two classes, one of which is kept for a day. */
export const classedDisclosure = {
  subject: 'one',
  keeping: keepingOf({ classes: { arguments: { keep_days: 1 } } }, 'request'),
  value: {
    input: { now: 1, question: { name: 'deploy', arguments: { env: 'prod' } } },
    reasons: [{ code: 'x', params: { env: 'prod' } }],
  },
}

export type LogHarness = {
  readonly open: () => Promise<TestedLog>
  /** Opens what a crash at this moment leaves behind. */
  readonly afterCrash: () => Promise<TestedLog>
  readonly clean: () => Promise<void>
}

export const now = 1_900_000_000

export function draft(
  id: string,
  options: { workflow?: string; now?: number; subject?: string } = {},
): Draft {
  return sampleDraft(id, options.workflow ?? 'wf_1', options.now ?? now, options.subject)
}

/** The draft and preconditions of a query that carries a request_id. */
export function asRequest(base: Draft, key: string, query: string): [Draft, Preconditions] {
  const requestKey = digestOf('request-key', key)
  const queryDigest = digestOf('query', query)
  const claims = { ...base.claims, request_key: requestKey, query_digest: queryDigest }
  return [
    { ...base, claims },
    { requestKey, queryDigest },
  ]
}

export async function verified(log: TestedLog, token: string): ReturnType<typeof compactVerify> {
  return await compactVerify(token, async ({ kid, alg }) => {
    const jwk = (log.publicKeys as JWK[]).find((key) => key.kid === kid)
    if (jwk?.alg !== alg) throw new Error('the key is not published')
    return await importJWK(jwk)
  })
}

export function payloadDigest(token: string): string {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
  const named = `{"v":"countersign/leaf-payload/v1","value":${payload}}`
  return `sha256:${createHash('sha256').update(named).digest('hex')}`
}

export function oversized(base: Draft, characters: number, character = 'x'): Draft {
  return {
    ...base,
    claims: { ...base.claims, actors: [character.repeat(characters)] },
  } as Draft
}
