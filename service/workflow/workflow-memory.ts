/**
 * Where the states of workflows and the windows of initiators are kept: there is one of them for each workflow that ever
 * was, so that an adapter keeps what was asked for lately in memory and finds the rest by one read.
 */
import type { InitiatorWindow } from './initiator-window.ts'
import type { WorkflowState } from './workflow-state.ts'

export interface Kept<V> {
  get(key: string): V | undefined
  /** @param index of the leaf that says so */
  set(key: string, value: V, index: number): void
}

export type WorkflowMemory = {
  readonly workflows: Kept<WorkflowState>
  readonly windows: Kept<InitiatorWindow>
}
