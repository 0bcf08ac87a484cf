/** A log of several segments that is published, archived and pruned as the service does it, without the service. */
import type { FileAuditLog } from '../../../service/adapter/audit-log/file-audit-log.ts'
import type { AuditLogOptions } from '../../../service/adapter/audit-log/open-audit-log.ts'
import { openPublication, type OpenPublication } from '../../../service/open-publication.ts'
import { pruneLog, type PruneAsked, type Pruned } from '../../../service/prune-log.ts'
import type { Draft } from '../../../service/port/audit-log.ts'
import { sampleActivation, sampleEvent } from '../../../scripts/sample-draft.ts'
import { asRequest, draft, now } from '../../port/audit-log-drafts.ts'
import type { TemporaryLogs } from './temporary-log.ts'

export const segmentBytes = 48 * 1024
/** Entries of `grow`. */
export const grown = 450
export const spentProof = { digest: `sha256:${'9'.repeat(64)}` as const, until: now + 1e6 }

/** Long after everything that was appended has run out. */
export const later = now + 10 * 86_400

export type Opened = {
  readonly audit: FileAuditLog
  readonly publication: OpenPublication
  readonly prune: (asked: PruneAsked) => Promise<Pruned | null>
  readonly close: () => Promise<void>
}

const open = new Set<() => Promise<void>>()

/** Whatever a test left open. */
export async function closeGrowing(): Promise<void> {
  for (const close of open) await close().catch(() => undefined)
  open.clear()
}

export async function openGrowing(
  logs: TemporaryLogs,
  directory: string,
  options: Partial<AuditLogOptions> = {},
): Promise<Opened> {
  const audit = await logs.open(directory, { segmentBytes, ...options })
  let ids = audit.size()
  const clock = { now: () => later * 1000, uuid: () => `prune-${String((ids += 1))}` }
  const events = { tenant: 'acme', audit, clock }
  const failures: unknown[] = []
  const publication = await openPublication(audit, events, {
    witness: null,
    failed: (error) => failures.push(error),
    toldOfWitness: () => undefined,
  })
  const { publisher } = publication
  open.add(publication.close)
  const undelivered = (): Promise<number> => Promise.resolve(Infinity)
  return {
    audit,
    publication,
    prune: (asked) => pruneLog(asked, { audit, publisher, events, undelivered }),
    close: async () => {
      open.delete(publication.close)
      await publication.close()
      await audit.close()
      if (failures.length > 0) throw failures[0]
    },
  }
}

export function event(kind: string, id: string, what: Record<string, unknown>): Draft {
  const { claims, ...rest } = sampleEvent(id, null, now)
  return { ...rest, claims: { ...claims, kind, event: what } } as Draft
}

/** Something in every fold, and then many entries of workflows; the first hold all that is remembered. */
export async function grow(audit: FileAuditLog): Promise<void> {
  const gateway = { issuer: 'https://idp', client_id: 'gw' }
  const session = {
    ...{ handle: `sha256:${'a'.repeat(64)}`, server: 's', gateway, expires_at: now + 1e7 },
    ...{ workload: 'w', trust_domain: 't', evidence: [] },
  }
  await audit.append(sampleActivation('activation', now), null)
  await audit.append(event('kill_switch', 'stop', { scope: { kind: 'pep', client_id: 'x' } }), null)
  await audit.append(event('session_opened', 'session', session), null)
  await audit.append(event('proof_spent', 'spent', { replay_keys: [spentProof] }), null)
  await audit.append(...asRequest(sampleEvent('asked', null, now), 'key', 'q'))
  await audit.append(draft('dec_old', { workflow: 'wf_4' }), null)
  const rest = Array.from({ length: grown - 6 }, (_, i) =>
    sampleEvent(`evt_${String(i)}`, `wf_${String(i % 7)}`, now + Math.floor(i / 10)),
  )
  await Promise.all(rest.map((one) => audit.append(one, null)))
}

/** What a log answers by all that it remembers. */
export async function remembered(audit: FileAuditLog): Promise<unknown> {
  const spent = { requestKey: null, queryDigest: '', caller: [spentProof] }
  const again = sampleEvent('again', null, now)
  const failed = (error: unknown): string => (error as { readonly code: string }).code
  const at = later
  const state = audit.workflows.at('wf_4')
  const { leaf } = await audit.append(
    { ...sampleEvent('evt_next', 'wf_4', at), disclosure: null },
    null,
  )
  const old = await audit.append(sampleEvent('evt_other', 'wf_new', at), null)
  return {
    ...{ state, workflow: leaf.workflow },
    fresh: old.leaf.workflow,
    stops: audit.stops.standing().map(({ id }) => id),
    sessions: audit.sessions.standing(now).map(({ id }) => id),
    // The key was used for another query: it is never given to another, pruned or not.
    reused: await audit.append(...asRequest(again, 'key', 'other')).then(() => 'taken', failed),
    spent: await audit.append(draft('dec_spent', { now: at }), spent).then(() => 'taken', failed),
    time: audit.time(),
    keys: audit.publicKeys.map(({ kid, nbf }) => [kid, nbf]),
  }
}
