/**
 * Which policy decides, from one offer of the sources to the next: one change at a time, never half of two.
 *
 * A query takes the engine once and keeps it to its end; an engine that was replaced finishes what it
 * has begun. What is refused leaves everything as it was, and is a leaf of the log.
 */
import type { Digest } from '../contract/digest.ts'
import type { Observation } from '../contract/observation.ts'
import { PdpError } from '../contract/error-code.ts'
import type { Pin, PolicyChange, StoredSet } from '../contract/policy-state.ts'
import {
  digestOfSet,
  findSet,
  lastActivated,
  previousSet,
  withConfirmed,
  withPin,
} from '../bundle/stored-sets.ts'
import type { BundleSource, Offer } from '../port/bundle-source.ts'
import type { PolicyEngine } from '../port/policy-engine.ts'
import { digestOfText } from '../statement/digest.ts'
import {
  activatePolicy,
  type ActivationPorts,
  type Active,
  type Candidate,
  type Cause,
} from './activate-policy.ts'
import { recordEvent } from './record-event.ts'
import { Turns } from './turns.ts'

export type PolicyLifePorts = ActivationPorts & {
  readonly sources: readonly BundleSource[]
  /** Seconds that a policy still decides after its sources have last answered. */
  readonly stalenessSeconds: number
  readonly observe: (notice: PolicyNotice) => void
}

/** What the service log and the metrics are told. */
export type PolicyNotice =
  | {
      readonly event: 'activated'
      readonly set: StoredSet
      readonly cause: Cause
      /** What its registry observes, now or later. */
      readonly observe: readonly Observation[]
    }
  | { readonly event: 'refused'; readonly refused: Refused }
  | { readonly event: 'failed'; readonly error: unknown }

/** The newest set that was refused since the last activation. */
export type Refused = {
  readonly digest: Digest
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly reasons: readonly string[]
  readonly message: string
}

const bySource = { by: 'source', reason: null } as const
/** How often the time of the last answer is written down, in milliseconds. */
const confirmMilliseconds = 60_000

export class PolicyLife {
  readonly #ports: PolicyLifePorts
  readonly #offers = new Map<BundleSource, Offer>()
  readonly #leaving = new Set<Promise<void>>()
  #active: Active | null = null
  #refused: Refused | null = null
  /** The last activation failed for a reason that may pass: the next answer of a source tries again. */
  #mustRetry = false
  readonly #turns = new Turns()

  constructor(ports: PolicyLifePorts) {
    this.#ports = ports
  }

  get active(): Active | null {
    return this.#active
  }

  get refused(): Refused | null {
    return this.#refused
  }

  engine(): PolicyEngine | null {
    return this.#active?.engine ?? null
  }

  get ports(): PolicyLifePorts {
    return this.#ports
  }

  /** Begins to look at the sources. What they offer before `begin` waits for it. */
  listen(): void {
    for (const source of this.#ports.sources) {
      source.start(
        (offer) => {
          this.#offers.set(source, offer)
          return this.#turns.take(() => this.#consider())
        },
        () => void this.#turns.take(() => this.#confirm()),
      )
    }
  }

  /** Every source has offered, or has failed to. */
  hasHeard(): boolean {
    return this.#ports.sources.every(
      (source) => this.#offers.has(source) || source.status().failures > 0,
    )
  }

  /** Whatever was begun has ended. */
  settled(): Promise<void> {
    return this.#turns.take(() => Promise.resolve())
  }

  /** Milliseconds since the epoch: when the source that has been silent longest last answered; null: one never has. */
  confirmedAt(): number | null {
    const stored = this.#ports.store.state().confirmed_at
    const times = this.#ports.sources.map((source) => source.status().confirmedAt ?? stored)
    return times.includes(null) ? null : Math.min(...times.filter((time) => time !== null))
  }

  isStale(now: number): boolean {
    const confirmed = this.confirmedAt()
    return confirmed === null || now - confirmed > this.#ports.stalenessSeconds * 1000
  }

  /** What was good when the service last ran decides again: the pinned set, else the last one. */
  resume(): Promise<boolean> {
    return this.#turns.take(async () => {
      const state = this.#ports.store.state()
      const set = state.pin === null ? lastActivated(state) : findSet(state, state.pin.digest)
      if (set === null || this.#active !== null) return false
      const { pin } = state
      const cause = pin === null ? bySource : { by: pin.by, reason: pin.reason }
      return this.#try(() => this.#stored(set, { kind: 'start', ...cause, from: ['store'] }))
    })
  }

  /** @throws PdpError `policy_conflict`, `audit_unavailable`; then nothing decides otherwise than before. */
  pin(change: PolicyChange, by: string, kind: Pin['kind'] = 'pin'): Promise<void> {
    return this.#turns.take(async () => {
      const set = this.#meant(change, kind)
      const { store, events } = this.#ports
      const at = Math.floor(events.clock.now() / 1000)
      const { reason } = change
      if (set.digest !== this.#active?.set.digest) await this.#return(set, { kind, by, reason })
      await store.write(withPin(store.state(), { digest: set.digest, kind, by, reason, at }), [])
      const event = { digest: set.digest, revision: set.revision, by, reason }
      await recordEvent(events, `bundle_${kind}`, event)
    })
  }

  /** The newest that the sources have decides again. @throws as `pin`. */
  unpin(change: PolicyChange, by: string): Promise<void> {
    return this.#turns.take(async () => {
      const { store, events } = this.#ports
      const { pin } = store.state()
      if (pin === null) throw conflict('Nothing is pinned.')
      await store.write(withPin(store.state(), null), [])
      const event = { digest: pin.digest, by, reason: change.reason }
      await recordEvent(events, 'bundle_unpin', event)
      this.#refused = null
      await this.#consider({ kind: 'unpin', by, reason: change.reason })
    })
  }

  /** What is under way finishes; then the sources and the engines stop. */
  async close(): Promise<void> {
    await Promise.all(this.#ports.sources.map((source) => source.close()))
    await this.#turns.take(() => this.#leave(this.#active?.engine))
    this.#active = null
    await Promise.all(this.#leaving)
  }

  /** The newest offer of all sources, if it is another set than the one that decides. */
  async #consider(why: Pick<Cause, 'kind' | 'by' | 'reason'> = { kind: 'source', ...bySource }) {
    const { sources, store } = this.#ports
    this.#mustRetry = false
    await this.#noteConfirmed()
    const offers = sources.map((source) => this.#offers.get(source))
    const tarballs = offers.flatMap((offer) => offer?.tarballs ?? [])
    if (offers.includes(undefined) || store.state().pin !== null) return
    const digest = digestOfSet(tarballs.map(({ bytes }) => digestOfText(bytes)))
    if (digest === this.#active?.set.digest || digest === this.#refused?.digest) return
    const from = sources.map((source) => source.status().location)
    const candidate = { digest, tarballs, cause: { ...why, from }, mayGoBack: false }
    await this.#try(() => Promise.resolve(candidate))
  }

  async #confirm(): Promise<void> {
    if (this.#mustRetry) await this.#consider()
    else await this.#noteConfirmed()
  }

  /** A refusal is a leaf and a state; another failure is told, and tried again. */
  async #try(find: () => Promise<Candidate>): Promise<boolean> {
    try {
      await this.#activate(await find())
      return true
    } catch (error) {
      try {
        await this.#refuse(error)
      } catch (failure) {
        this.#mustRetry = true
        this.#ports.observe({ event: 'failed', error: failure })
      }
      return false
    }
  }

  async #activate(candidate: Candidate): Promise<void> {
    const next = await this.#judged(candidate)
    const before = this.#active
    this.#active = next
    this.#refused = null
    void this.#leave(before?.engine)
    const observe = next.engine.registry.observe ?? []
    this.#ports.observe({ event: 'activated', set: next.set, cause: candidate.cause, observe })
  }

  /** Tells which set a refusal is about. */
  async #judged(candidate: Candidate): Promise<Active> {
    try {
      return await activatePolicy(candidate, this.#ports)
    } catch (error) {
      throw error instanceof PdpError && error.code === 'bundle_refused'
        ? new RefusedSet(candidate, error)
        : error
    }
  }

  async #refuse(error: unknown): Promise<void> {
    if (!(error instanceof RefusedSet)) throw error
    const { events } = this.#ports
    const { message, faults } = error
    const { digest, cause } = error.candidate
    const reasons = faults.map(({ reason }) => reason)
    this.#refused = { digest, at: events.clock.now(), reasons, message }
    this.#ports.observe({ event: 'refused', refused: this.#refused })
    const why = { cause: cause.kind, by: cause.by, from: [...cause.from] }
    const event = { digest, reasons, message: message.slice(0, 2000).toWellFormed(), ...why }
    await recordEvent(events, 'bundle_refusal', event)
  }

  async #stored(set: StoredSet, cause: Cause): Promise<Candidate> {
    const tarballs = await this.#ports.store.read(set.bundles)
    return { digest: set.digest, tarballs, cause, mayGoBack: true }
  }

  /** An operator is told why a set that was good is no longer. */
  async #return(set: StoredSet, why: Pick<Cause, 'kind' | 'by' | 'reason'>): Promise<void> {
    try {
      await this.#activate(await this.#stored(set, { ...why, from: ['store'] }))
    } catch (error) {
      if (error instanceof PdpError && error.code === 'bundle_refused')
        throw conflict(error.message)
      throw error
    }
  }

  #meant({ digest }: PolicyChange, kind: Pin['kind']): StoredSet {
    const state = this.#ports.store.state()
    const standing = kind === 'pin' ? (this.#active?.set ?? null) : previousSet(state)
    const set = digest === undefined ? standing : findSet(state, digest)
    if (set !== null) return set
    throw conflict(
      digest === undefined
        ? 'There is no set to go to: name one of the history by its digest.'
        : `No set ${digest} is kept: name one of the history.`,
    )
  }

  async #noteConfirmed(): Promise<void> {
    const { store } = this.#ports
    const confirmed = this.confirmedAt()
    const before = store.state().confirmed_at ?? 0
    if (confirmed === null || confirmed - before < confirmMilliseconds) return
    await store.write(withConfirmed(store.state(), confirmed), [])
  }

  #leave(engine: PolicyEngine | undefined): Promise<void> {
    const leaving = engine?.close() ?? Promise.resolve()
    this.#leaving.add(leaving)
    return leaving.finally(() => this.#leaving.delete(leaving))
  }
}

/** A refusal, and what it refuses. */
class RefusedSet extends PdpError {
  readonly candidate: Candidate

  constructor(candidate: Candidate, { message, faults, cause }: PdpError) {
    super('bundle_refused', message, { cause, faults })
    this.candidate = candidate
  }
}

function conflict(message: string): PdpError {
  return new PdpError('policy_conflict', message)
}
