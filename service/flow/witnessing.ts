/**
 * The witnesses of one log: asked for each checkpoint before it is published, told apart from one another, and never waited
 * for by a decision. What they know lies with them: of this only the published checkpoint is on disk, as a hint.
 */
import { hexOf } from '../audit/note-key.ts'
import { parseNote, type NoteSignature, type NoteVerifier } from '../audit/signed-note.ts'
import { isQuorumMet, type Witness, type WitnessPolicy } from '../audit/witness-policy.ts'
import { parseCheckpoint } from '../audit/checkpoint.ts'
import { limits } from '../contract/limits.ts'
import type { WitnessesState } from '../contract/log-state.ts'
import type { Clock } from '../port/clock.ts'
import { cosign, type AskWitness, type Cosigned, type Dispute, type Submission } from './cosign.ts'

/** What an operator is told, once for each change. */
export type WitnessNotice =
  | { readonly event: 'cosigns_again'; readonly witness: string }
  | { readonly event: 'failed'; readonly witness: string; readonly reason: string }
  | { readonly event: 'disputed'; readonly witness: string; readonly dispute: Dispute }
  | { readonly event: 'quorum_missing'; readonly seconds: number }
  | { readonly event: 'quorum_met' }

export type WitnessingPorts = {
  readonly ask: AskWitness
  readonly verifies: NoteVerifier
  readonly clock: Clock
  /** From 0 up to 1, for pauses that differ. */
  readonly random: () => number
  readonly told: (notice: WitnessNotice) => void
}

export type WitnessRules = {
  readonly policy: WitnessPolicy
  /** Seconds for which a checkpoint may lack its quorum. */
  readonly maxAge: number
  /** Decisions deny past that age, and while a witness disputes. */
  readonly denies: boolean
}

type Known = {
  /** Entries that it cosigned last, as far as we know. */
  size: number
  /** Over the text of the last round. */
  signature: NoteSignature | null
  failures: number
  /** Milliseconds since the epoch: it is not asked before. */
  restUntil: number
  error: string | null
  dispute: Dispute | null
}

export class Witnessing {
  readonly rules: WitnessRules
  readonly #ports: WitnessingPorts
  readonly #known: ReadonlyMap<Witness, Known>
  #text = ''
  /** Entries under the newest checkpoint that had its quorum. */
  #witnessed = 0
  /** Since when, in milliseconds, the newest checkpoint lacks it. */
  #missingSince: number | null
  #isLate = false

  /** @param note the published checkpoint, which may be that of another day; null when there is none */
  constructor(rules: WitnessRules, note: string | null, ports: WitnessingPorts) {
    this.rules = rules
    this.#ports = ports
    const none = { signature: null, error: null, dispute: null }
    this.#known = new Map(
      rules.policy.witnesses.map((one) => [one, { ...none, size: 0, failures: 0, restUntil: 0 }]),
    )
    this.#missingSince = ports.clock.now()
    if (note !== null) this.#remember(note)
  }

  /** Whether anybody who has not cosigned the last checkpoint may be asked now. */
  isDue(): boolean {
    return this.#due().length > 0
  }

  /**
   * Asks all that may be asked, at once, and gives every cosignature of the checkpoint in the order of the policy. Total, and
   * bounded in time whatever they do.
   */
  async round(submission: Submission): Promise<readonly NoteSignature[]> {
    this.#turnTo(submission.text)
    const { ask, verifies } = this.#ports
    const signal = AbortSignal.timeout(limits.witnessMilliseconds)
    await Promise.all(
      this.#due().map(async ([witness, known]) => {
        const { key, url } = witness
        const answered = await cosign({ key, url }, known.size, submission, {
          ...{ ask, verifies, signal },
        })
        this.#take(witness, known, answered, submission.size)
      }),
    )
    this.#judge(submission.size)
    return this.#signatures()
  }

  /** Whether decisions deny at that time, in milliseconds. */
  isDenying(now: number): boolean {
    return this.rules.denies && (this.#disputes().length > 0 || this.#isOverdue(now))
  }

  state(): WitnessesState {
    const now = this.#ports.clock.now()
    return {
      witnessed: this.#witnessed,
      quorum: this.#missingSince === null,
      quorum_missing_seconds: secondsSince(this.#missingSince, now),
      each: [...this.#known].map(([{ name }, { size, failures, dispute }]) => ({
        ...{ name, cosigned: size, failures, dispute: dispute?.kind ?? null },
      })),
    }
  }

  /** What forbids to be ready. */
  obstacles(): string[] {
    const isDenying = this.isDenying(this.#ports.clock.now())
    return [...this.#disputes(), ...(isDenying ? this.#lateness() : [])]
  }

  /** What an operator should look at. */
  notices(): string[] {
    const failing = [...this.#known].flatMap(([{ name }, { error }]) =>
      error === null ? [] : [`the witness ${name} does not cosign: ${error}`],
    )
    return [...this.#lateness(), ...failing]
  }

  #lateness(): string[] {
    const now = this.#ports.clock.now()
    if (!this.#isOverdue(now)) return []
    const seconds = String(secondsSince(this.#missingSince, now))
    return [`the log has lacked the quorum of its witnesses for ${seconds} s`]
  }

  #disputes(): string[] {
    return [...this.#known].flatMap(([{ name }, { dispute }]) =>
      dispute === null
        ? []
        : [
            dispute.kind === 'ahead'
              ? `the witness ${name} has cosigned ${String(dispute.size)} entries of this log, which are more than there are: it was cut back`
              : `the witness ${name} has cosigned other entries of this log than its first ${String(dispute.size)}: one of the two is a fork`,
          ],
    )
  }

  #isOverdue(now: number): boolean {
    return this.#missingSince !== null && now - this.#missingSince > this.rules.maxAge * 1000
  }

  #due(): (readonly [Witness & { readonly url: string }, Known])[] {
    const now = this.#ports.clock.now()
    return [...this.#known].flatMap(([witness, known]) => {
      const { url } = witness
      const isDue = url !== null && known.signature === null && now >= known.restUntil
      return isDue ? [[{ ...witness, url }, known] as const] : []
    })
  }

  #turnTo(text: string): void {
    if (text === this.#text) return
    this.#text = text
    for (const known of this.#known.values()) known.signature = null
  }

  #take({ name }: Witness, known: Known, answered: Cosigned, size: number): void {
    const { told, clock, random } = this.#ports
    if (answered.is === 'cosigned') {
      if (known.failures > 0) told({ event: 'cosigns_again', witness: name })
      const { signature } = answered
      Object.assign(known, { size, signature, failures: 0, error: null, dispute: null })
      return
    }
    known.failures += 1
    const pause = Math.min(1000 * 2 ** (known.failures - 1), limits.witnessRestMilliseconds)
    known.restUntil = clock.now() + pause * (0.5 + random() / 2)
    if (answered.is === 'failed') {
      if (known.error === null) told({ event: 'failed', witness: name, reason: answered.reason })
      // A dispute stands until the witness cosigns: that it cannot be reached settles nothing.
      known.error = answered.reason
      return
    }
    const { dispute } = answered
    const isNews = known.dispute?.kind !== dispute.kind
    known.dispute = dispute
    known.error = null
    if (isNews) told({ event: 'disputed', witness: name, dispute })
  }

  #judge(size: number): void {
    const now = this.#ports.clock.now()
    if (this.#hasQuorum()) {
      this.#witnessed = size
      this.#missingSince = null
      if (this.#isLate) this.#ports.told({ event: 'quorum_met' })
      this.#isLate = false
      return
    }
    this.#missingSince ??= now
    if (this.#isLate || !this.#isOverdue(now)) return
    this.#isLate = true
    this.#ports.told({
      event: 'quorum_missing',
      seconds: secondsSince(this.#missingSince, now),
    })
  }

  #hasQuorum(): boolean {
    const signed = [...this.#known].filter(([, { signature }]) => signature !== null)
    return isQuorumMet(this.rules.policy.quorum, new Set(signed.map(([{ name }]) => name)))
  }

  #signatures(): readonly NoteSignature[] {
    return [...this.#known.values()].flatMap(({ signature }) =>
      signature === null ? [] : [signature],
    )
  }

  /** Cosignatures of the published checkpoint that hold: whoever made them knows that size at least. */
  #remember(published: string): void {
    const note = parseNote(published)
    const checkpoint = note === null ? null : parseCheckpoint(note.text)
    if (note === null || checkpoint === null) return
    this.#text = note.text
    for (const [{ key }, known] of this.#known) {
      const found = note.signatures.find(
        ({ name, id }) => name === key.name && hexOf(id) === hexOf(key.id),
      )
      if (found === undefined) continue
      if (!this.#ports.verifies(key, note.text, found.signature)) continue
      known.signature = found
      known.size = checkpoint.size
    }
    this.#judge(checkpoint.size)
  }
}

function secondsSince(since: number | null, now: number): number {
  return since === null ? 0 : Math.max(0, Math.floor((now - since) / 1000))
}
