/**
 * Proof sessions that stand now: a fold over the leaves that open and end them, and over the stops that end those of
 * a server, a gateway or the tenant. One that is over is told from one that nobody opened for as long as it is remembered.
 */
import type { Digest } from '../contract/digest.ts'
import type { EventLeaf, Leaf } from '../contract/leaf.ts'
import { limits } from '../contract/limits.ts'
import type { ProofSession, SessionOpening } from '../contract/proof-session.ts'
import type { EvidenceFailure } from '../contract/reason-code.ts'
import type { StoppedScope } from '../contract/stop.ts'
import type { FoldKind } from './fold.ts'

/** Who quotes a handle, and of which server. */
export type Quoted = {
  /** SHA-256 of the handle. */
  readonly handle: Digest
  readonly server: string
  readonly gateway: SessionOpening['gateway']
}

export type FoundSession =
  | { readonly ok: true; readonly value: SessionOpening }
  | { readonly ok: false; readonly failure: EvidenceFailure }

type Session = SessionOpening & {
  readonly id: string
  readonly openedAt: number
  readonly isEnded: boolean
}

export class Sessions {
  /** By the SHA-256 of the handle, in the order that they were opened. */
  readonly #opened: Map<Digest, Session>

  constructor(saved: readonly Session[] | null = null) {
    this.#opened = new Map(saved?.map((session) => [session.handle, session]))
  }

  /** Those that stand. @param now seconds since the epoch */
  standing(now: number): readonly ProofSession[] {
    return [...this.#opened.values()]
      .filter((session) => stands(session, now))
      .map(({ handle: _, evidence: __, isEnded: ___, openedAt: opened_at, ...said }) => ({
        ...said,
        opened_at,
      }))
  }

  /** The one of that handle, if it stands, whoever quotes it. @param now seconds since the epoch */
  held(handle: Digest, now: number): Pick<ProofSession, 'id' | 'server'> | null {
    const session = this.#opened.get(handle)
    return session !== undefined && stands(session, now) ? session : null
  }

  /** One more may be opened for that server. */
  hasRoom(server: string, now: number): boolean {
    const standing = [...this.#of(server)].filter((session) => stands(session, now))
    return standing.length < limits.sessionsPerServer
  }

  /** One of another server or gateway is as unknown as one that was never opened. */
  find({ handle, server, gateway }: Quoted, now: number): FoundSession {
    const session = this.#opened.get(handle)
    const isTheirs =
      session?.server === server &&
      session.gateway.issuer === gateway.issuer &&
      session.gateway.client_id === gateway.client_id
    if (!isTheirs) return { ok: false, failure: 'session_unknown' }
    if (session.isEnded) return { ok: false, failure: 'session_ended' }
    return session.expires_at > now
      ? { ok: true, value: session }
      : { ok: false, failure: 'expired' }
  }

  follow(leaf: Leaf): void {
    if (leaf.kind === 'session_opened') this.#open(leaf)
    else if (leaf.kind === 'session_ended') this.#end(({ id }) => id === leaf.event['id'])
    else if (leaf.kind === 'kill_switch') {
      const scope = leaf.event['scope'] as StoppedScope
      this.#end((session) => isEndedBy(scope, session))
    }
  }

  save(): readonly Session[] {
    return [...this.#opened.values()]
  }

  #open({ jti: id, iat: openedAt, event }: EventLeaf): void {
    const { handle, server, gateway, workload, trust_domain, expires_at, evidence } =
      event as SessionOpening
    this.#opened.set(handle, {
      ...{ id, server, gateway, workload, trust_domain, expires_at, handle, evidence },
      ...{ openedAt, isEnded: false },
    })
    const over = [...this.#of(server)].filter((session) => !stands(session, openedAt))
    for (const old of over.slice(0, -limits.endedSessionsPerServer)) this.#opened.delete(old.handle)
  }

  #end(isMeant: (session: Session) => boolean): void {
    for (const session of this.#opened.values())
      if (isMeant(session)) this.#opened.set(session.handle, { ...session, isEnded: true })
  }

  *#of(server: string): Iterable<Session> {
    for (const session of this.#opened.values()) if (session.server === server) yield session
  }
}

export const sessionsFold: FoldKind<Sessions> = {
  name: 'sessions',
  version: 1,
  start: (saved) => new Sessions(saved as readonly Session[] | null),
}

function stands({ isEnded, expires_at: until }: Session, now: number): boolean {
  return !isEnded && until > now
}

/** A stop of somebody else in the chain, or of one capability, says nothing of who the server is. */
function isEndedBy(scope: StoppedScope, { server, gateway }: Session): boolean {
  if (scope.kind === 'server') return scope.server === server
  if (scope.kind === 'pep') return scope.client_id === gateway.client_id
  return scope.kind === 'tenant'
}
