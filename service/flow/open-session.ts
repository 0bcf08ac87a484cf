/**
 * Opens and ends proof sessions. A session is a leaf before its handle is given out, and the leaf has the SHA-256 of
 * the handle alone; one that was ended is over for the very next question.
 */
import type { Digest } from '../contract/digest.ts'
import { PdpError } from '../contract/error-code.ts'
import { limits } from '../contract/limits.ts'
import type { ProofSessionRequest, SessionOpening } from '../contract/proof-session.ts'
import { emptyRegistry } from '../decision/registry-index.ts'
import { digestOfText, macOf } from '../statement/digest.ts'
import type { Opener } from './prove-opener.ts'
import { recordEvent, type EventPorts } from './record-event.ts'
import type { Tenant } from './tenant.ts'

export type OpenedSession = {
  readonly id: string
  /** Secret: it is given out once and kept nowhere. */
  readonly handle: string
  /** Seconds since the epoch. */
  readonly expiresAt: number
}

type OpenPorts = Pick<Tenant, 'tenant' | 'audit' | 'clock' | 'policy' | 'findPep' | 'pseudonymKey'>

/**
 * @throws PdpError `not_found` when the registry does not name that workload for that server, or no such gateway may
 *   ask about it; `stopped`, `too_many_sessions`, `unauthenticated` for a proof that was shown before, `overloaded`,
 *   `audit_unavailable`. The proof is used up by all of them but the last three.
 */
export async function openSession(
  request: ProofSessionRequest,
  opener: Opener,
  ports: OpenPorts,
): Promise<OpenedSession> {
  const { audit, clock } = ports
  const events: EventPorts = { tenant: ports.tenant.id, audit, clock }
  const { server, gateway, seconds = limits.sessionSeconds } = request
  const refuse = async (error: unknown): Promise<never> => {
    if (opener.spent.length > 0)
      await recordEvent(events, 'proof_spent', { server: server.id }, opener.spent)
    throw error
  }
  if (!isTheirs(request, opener, ports)) return await refuse(notTheirs())
  const now = Math.max(Math.floor(clock.now() / 1000), audit.time())
  const handle = newHandle(ports)
  const opening: SessionOpening = {
    ...{ server: server.id, gateway, handle: digestOfText(handle) },
    ...{ workload: opener.workload.id, trust_domain: opener.workload.trustDomain },
    ...{ expires_at: Math.min(now + seconds, opener.expiresAt), evidence: [opener.evidence] },
  }
  const opens = { server: server.id, pep: gateway.client_id }
  try {
    const id = await recordEvent(events, 'session_opened', opening, opener.spent, opens)
    return { id, handle, expiresAt: opening.expires_at }
  } catch (error) {
    if (error instanceof PdpError && refusals.has(error.code)) return await refuse(error)
    throw error
  }
}

/** @param by the gateway that may. @throws PdpError `not_found`, `audit_unavailable`; then it stands. */
export async function endSession(
  { id, by }: { readonly id: string; readonly by: string },
  ports: EventPorts,
): Promise<void> {
  const now = Math.floor(ports.clock.now() / 1000)
  if (!ports.audit.sessions.standing(now).some((session) => session.id === id)) throw noneStands()
  await recordEvent(ports, 'session_ended', { id, by })
}

/**
 * Whoever has the handle, which is the server that opened it and its gateway, may end it, and no other.
 *
 * @throws PdpError `not_found`, `audit_unavailable`; then it stands.
 */
export async function endOwnSession(
  { id, handle }: { readonly id: string; readonly handle: Digest },
  ports: EventPorts,
): Promise<void> {
  const own = ports.audit.sessions.held(handle, Math.floor(ports.clock.now() / 1000))
  if (own?.id !== id) throw noneStands()
  await recordEvent(ports, 'session_ended', { id, server: own.server })
}

function noneStands(): PdpError {
  return new PdpError('not_found', 'No proof session of this id stands: name one of the list.')
}

const refusals: ReadonlySet<string> = new Set(['stopped', 'too_many_sessions'])

/** The registry has the last word on who a server is, and a gateway's registration on whom it may ask about. */
function isTheirs(
  { server, gateway }: ProofSessionRequest,
  { workload }: Opener,
  { policy, findPep }: OpenPorts,
): boolean {
  const { servers } = policy()?.registry ?? emptyRegistry
  const registered = Object.hasOwn(servers, server.id) ? servers[server.id]?.workload : undefined
  const pep = findPep(gateway.issuer, gateway.client_id)
  return (
    registered !== undefined &&
    'spiffe_id' in registered &&
    registered.spiffe_id === workload.id &&
    pep !== null &&
    (pep.servers.length === 0 || pep.servers.includes(server.id))
  )
}

/** One answer, so that nobody learns what else is registered. */
function notTheirs(): PdpError {
  return new PdpError(
    'not_found',
    'No server of this id is registered as the workload that was proved, or no such gateway may ask about it.',
  )
}

/** 256 bits that nobody can compute or guess: a MAC under the tenant's key, of what is drawn for it and kept nowhere. */
function newHandle({ clock, pseudonymKey }: OpenPorts): string {
  return `ses_${macOf(pseudonymKey, 'proof-session', [clock.uuid(), clock.uuid()])}`
}
