/**
 * What the engine and a worker say to each other. Messages are arrays of strings: they cross threads
 * cheaply, one message for many evaluations.
 */
import type { PolicyDescription, PolicyProgram } from './wasm-policy.ts'

/** `workerData`. */
export type WorkerStart = {
  readonly program: PolicyProgram
  /** Three 64-bit counters that both threads see. */
  readonly progress: SharedArrayBuffer
  /** How a worker that stands back behind others runs; null for one that serves everybody. */
  readonly guard: Guard | null
}

/** A watch round each evaluation costs more than most evaluations: only slow ones bear it. */
export type Guard = {
  /** An evaluation that takes longer is stopped, and the thread lives. */
  readonly milliseconds: number
}

/** Places in the counters: evaluations begun, and evaluations ended, since the worker began. */
export const begun = 0
export const ended = 1
/** The engine asks others for what comes before this one: the worker passes over it with an empty result. */
export const withdrawn = 2
export const counterBytes = 3 * BigInt64Array.BYTES_PER_ELEMENT

/** To the worker: JSON texts to evaluate, in order. */
export type Inputs = readonly string[]

export type FromWorker =
  | {
      readonly kind: 'ready'
      readonly description: PolicyDescription
      /** What the system calls the thread; null where it has no priority of its own. */
      readonly thread: number | null
    }
  | {
      readonly kind: 'results'
      /** In the order of the inputs: the value as JSON, or the code of a fault. */
      readonly results: readonly string[]
      /** Which of the results are codes. */
      readonly faults: readonly number[]
      /** The last one spoilt the instance: nothing is evaluated until `linked`. */
      readonly isSpoilt: boolean
    }
  | { readonly kind: 'linked' }
