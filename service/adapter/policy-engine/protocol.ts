/**
 * What the engine and a worker say to each other. Messages are arrays of strings: they cross threads
 * cheaply, one message for many evaluations.
 */
import type { PolicyDescription, PolicyProgram } from './wasm-policy.ts'

/** `workerData`. */
export type WorkerStart = {
  readonly program: PolicyProgram
  /** Two counters that both threads see; they never stand still while a policy is well. */
  readonly progress: SharedArrayBuffer
}

/** Places in the counters: evaluations begun, and evaluations ended, since the worker began. */
export const begun = 0
export const ended = 1

/** To the worker: JSON texts to evaluate, in order. */
export type Inputs = readonly string[]

export type FromWorker =
  | { readonly kind: 'ready'; readonly description: PolicyDescription }
  | {
      readonly kind: 'results'
      /** In the order of the inputs: the value as JSON, or the code of a fault. */
      readonly results: readonly string[]
      /** Which of the results are codes. */
      readonly faults: readonly number[]
    }
