/**
 * What is stopped and revoked now: a fold over the leaves that say so. Whoever asks sees a stop as soon as it has
 * its place in the log, and again after a restart.
 */
import { limits } from '../contract/limits.ts'
import type { EventLeaf, Leaf } from '../contract/leaf.ts'
import type { Revocation, Stop, StoppedScope } from '../contract/stop.ts'
import type { FoldKind } from './fold.ts'

/** Who and what a question is about, as far as a stop can name it. */
export type Stoppable = {
  /** The gateway that asks. */
  readonly pep: string
  readonly server: string
  /** The key that is asked for, and the one of the registry that answers it. */
  readonly capabilities: readonly string[]
  readonly agents: readonly string[]
  /** Pseudonyms of the initiator and of every actor; asked for only when a person is stopped. */
  readonly subjects: () => readonly string[]
}

type SavedStops = {
  readonly standing: readonly Stop[]
  readonly revokedAt: readonly (readonly [string, number])[]
  readonly epoch: number
}

export class Stops {
  readonly #standing: Map<string, Stop>
  readonly #revokedAt: Map<string, number>
  #epoch: number

  constructor(saved: SavedStops | null = null) {
    this.#standing = new Map(saved?.standing.map((stop) => [stop.id, stop]))
    this.#revokedAt = new Map(saved?.revokedAt)
    this.#epoch = saved?.epoch ?? 0
  }

  /** Moves with every stop and lift. */
  get epoch(): number {
    return this.#epoch
  }

  standing(): readonly Stop[] {
    return [...this.#standing.values()]
  }

  has(id: string): boolean {
    return this.#standing.has(id)
  }

  get hasRevocations(): boolean {
    return this.#revokedAt.size > 0
  }

  /** The stops that this question meets. */
  meeting(question: Stoppable): readonly StoppedScope[] {
    if (this.#standing.size === 0) return []
    return this.standing()
      .map(({ scope }) => scope)
      .filter((scope) => meets(scope, question))
  }

  /** A gateway of this client_id must not be answered at all. */
  isPepStopped(clientId: string): boolean {
    return this.standing().some(({ scope }) => scope.kind === 'pep' && scope.client_id === clientId)
  }

  /** Whoever that pseudonym stands for neither asks nor consents. */
  isPersonStopped(subject: string): boolean {
    return this.standing().some(
      ({ scope }) => scope.kind === 'initiator' && scope.subject === subject,
    )
  }

  /** @param issuedAt seconds; null when the token does not say, which is then taken for long ago */
  isRevoked(subject: string, issuedAt: number | null): boolean {
    const at = this.#revokedAt.get(subject)
    return at !== undefined && (issuedAt ?? 0) <= at
  }

  follow(leaf: Leaf): void {
    if (leaf.kind === 'kill_switch') this.#set(leaf)
    else if (leaf.kind === 'kill_switch_lifted') this.#lift(leaf)
    else if (leaf.kind === 'revocation') this.#revoke(leaf)
  }

  save(): SavedStops {
    return { standing: this.standing(), revokedAt: [...this.#revokedAt], epoch: this.#epoch }
  }

  #set({ jti, iat, event }: EventLeaf): void {
    const { scope, by, reason } = event as Pick<Stop, 'scope' | 'by' | 'reason'>
    this.#standing.set(jti, { id: jti, scope, by, reason, at: iat })
    this.#epoch += 1
  }

  #lift({ event }: EventLeaf): void {
    this.#standing.delete(String(event['id']))
    this.#epoch += 1
  }

  /** Tokens live a day at most: what was revoked longer ago than that has none left. */
  #revoke({ iat, event }: EventLeaf): void {
    const { subject, at } = event as Revocation
    const before = this.#revokedAt.get(subject) ?? 0
    this.#revokedAt.delete(subject)
    this.#revokedAt.set(subject, Math.max(before, at))
    const oldest = iat - limits.lifetimeSeconds.wit - limits.securityEventSeconds
    for (const [name, time] of this.#revokedAt) {
      if (time >= oldest) break
      this.#revokedAt.delete(name)
    }
  }
}

export const stopsFold: FoldKind<Stops> = {
  name: 'stops',
  version: 1,
  start: (saved) => new Stops(saved as SavedStops | null),
}

function meets(scope: StoppedScope, question: Stoppable): boolean {
  switch (scope.kind) {
    case 'tenant':
      return true
    case 'server':
      return scope.server === question.server
    case 'capability':
      return scope.server === question.server && question.capabilities.includes(scope.capability)
    case 'pep':
      return scope.client_id === question.pep
    case 'agent':
      return question.agents.includes(scope.client_id)
    case 'initiator':
      return question.subjects().includes(scope.subject)
  }
}
