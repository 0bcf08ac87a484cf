/**
 * Who is known for slow or spoiling evaluations, for a while. Their queries stand in a lane of their own.
 *
 * An asker is a gateway, an initiator and a registered capability: what one does to itself slows nobody else.
 */
import type { Evaluation } from '../../port/policy-engine.ts'

/** Milliseconds after the last fault. */
const rememberMilliseconds = 60_000
/** Askers that are known at a time; of more, the one that was noted first is forgotten. */
const most = 1024

export class SlowAskers {
  readonly #until = new Map<string, number>()

  has(asker: string | null, now: number): boolean {
    if (asker === null) return false
    const until = this.#until.get(asker) ?? 0
    if (until <= now) this.#until.delete(asker)
    return until > now
  }

  /** What cost a thread or an instance is remembered. */
  learn(asker: string | null, evaluation: Evaluation, now: number): void {
    if (asker === null || evaluation.ok || !costly.has(evaluation.fault)) return
    this.#until.delete(asker)
    this.#until.set(asker, now + rememberMilliseconds)
    const [first] = this.#until.keys()
    if (this.#until.size > most && first !== undefined) this.#until.delete(first)
  }
}

const costly: ReadonlySet<string> = new Set([
  'engine.timeout',
  'engine.memory',
  'engine.trap',
  'engine.too_large',
])
