/**
 * The candidate set of bundles: offered by sources of its own, held to the same gate as one that decides
 * (signature, schema, its own cases), started in workers of its own, recorded. It is never stored and never decides.
 *
 * Nothing here throws at its owner: a candidate that cannot be had is a state that is told.
 */
import type { Digest } from '../contract/digest.ts'
import { PdpError } from '../contract/error-code.ts'
import { digestOfSet } from '../bundle/stored-sets.ts'
import type { BundleSource, Offer, Tarball } from '../port/bundle-source.ts'
import type { LoadedPolicy, PolicyEngine, PolicyLoader } from '../port/policy-engine.ts'
import { digestOfText } from '../statement/digest.ts'
import { checkSelfCases } from './check-self-cases.ts'
import type { Refused } from './policy-life.ts'
import { recordEvent, type EventPorts } from './record-event.ts'

export type Candidate = {
  readonly engine: PolicyEngine
  readonly digest: Digest
  readonly bundles: LoadedPolicy['bundles']
  /** Milliseconds since the epoch. */
  readonly since: number
}

export type ShadowNotice =
  | { readonly event: 'activated'; readonly candidate: Candidate; readonly owner: string }
  | { readonly event: 'refused'; readonly refused: Refused }
  | { readonly event: 'failed'; readonly error: unknown }

export type CandidatePorts = {
  readonly owner: string
  readonly sources: readonly BundleSource[]
  readonly loader: PolicyLoader
  readonly events: EventPorts
  readonly observe: (notice: ShadowNotice) => void
}

export class ShadowCandidate {
  readonly ports: CandidatePorts
  readonly #offers = new Map<BundleSource, Offer>()
  #current: Candidate | null = null
  #refused: Refused | null = null
  #mustRetry = false
  #turn: Promise<unknown> = Promise.resolve()

  constructor(ports: CandidatePorts) {
    this.ports = ports
  }

  get current(): Candidate | null {
    return this.#current
  }

  get refused(): Refused | null {
    return this.#refused
  }

  listen(): void {
    for (const source of this.ports.sources) {
      source.start(
        (offer) => {
          this.#offers.set(source, offer)
          return this.#inTurn(() => this.#consider())
        },
        () => {
          if (this.#mustRetry) void this.#inTurn(() => this.#consider())
        },
      )
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.ports.sources.map((source) => source.close()))
    await this.#inTurn(async () => {
      const { engine } = this.#current ?? {}
      this.#current = null
      await engine?.close()
    })
  }

  async #consider(): Promise<void> {
    this.#mustRetry = false
    const offers = this.ports.sources.map((source) => this.#offers.get(source))
    if (offers.includes(undefined)) return
    const tarballs = offers.flatMap((offer) => offer?.tarballs ?? [])
    const digest = digestOfSet(tarballs.map(({ bytes }) => digestOfText(bytes)))
    if (digest === this.#current?.digest || digest === this.#refused?.digest) return
    try {
      await this.#begin(digest, tarballs)
    } catch (error) {
      await this.#fail(digest, error)
    }
  }

  async #begin(digest: Digest, tarballs: readonly Tarball[]): Promise<void> {
    const { loader, events, owner, observe } = this.ports
    const since = events.clock.now()
    const { engine, bundles, selfCheck } = await loader.load(tarballs, Math.floor(since / 1000))
    try {
      await checkSelfCases(selfCheck, engine)
      const { revision } = engine.policy
      const stated = bundles.map((bundle) => ({ ...bundle }))
      const event = { revision, digest, owner, from: this.#locations(), bundles: stated }
      await recordEvent(events, 'shadow_activation', event)
    } catch (error) {
      await engine.close()
      throw error
    }
    const before = this.#current
    this.#current = { engine, digest, bundles, since }
    this.#refused = null
    observe({ event: 'activated', candidate: this.#current, owner })
    await before?.engine.close()
  }

  /** A refusal is a leaf and a state; another failure is told, and tried again. */
  async #fail(digest: Digest, error: unknown): Promise<void> {
    const { events, observe } = this.ports
    if (!(error instanceof PdpError) || error.code !== 'bundle_refused') {
      this.#mustRetry = true
      observe({ event: 'failed', error })
      return
    }
    const reasons = error.faults.map(({ reason }) => reason)
    const { message } = error
    this.#refused = { digest, at: events.clock.now(), reasons, message }
    observe({ event: 'refused', refused: this.#refused })
    const event = {
      digest,
      reasons,
      message: message.slice(0, 2000).toWellFormed(),
      from: this.#locations(),
    }
    await recordEvent(events, 'shadow_refusal', event).catch((failure: unknown) => {
      observe({ event: 'failed', error: failure })
    })
  }

  #locations(): string[] {
    return this.ports.sources.map((source) => source.status().location)
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(act)
    this.#turn = done.catch(() => undefined)
    return done
  }
}
