/** The workflows of one log, as its leaves have them: what is asked of them, and what the next leaf makes of them. */
import type { Leaf } from '../contract/leaf.ts'
import { advance } from './advance.ts'
import { seenOf, type WorkflowRef, type WorkflowSeen } from './workflow-facts.ts'
import type { WorkflowMemory } from './workflow-memory.ts'
import type { WorkflowState } from './workflow-state.ts'
import { isWorse, type WorkflowStanding } from './worsened.ts'

export class Workflows {
  readonly #memory: WorkflowMemory

  constructor(memory: WorkflowMemory) {
    this.#memory = memory
  }

  /** What an id stands for to an initiator of a project; null when nothing, or when it is somebody else's. */
  find(id: string, project: string, subject: string | null): WorkflowState | null {
    const state = this.#memory.workflows.get(id)
    return state?.project === project && state.subject === subject ? state : null
  }

  /** Whosever it is: for what comes from one of its calls. */
  at(id: string): WorkflowState | null {
    return this.#memory.workflows.get(id) ?? null
  }

  /** @param now seconds since the epoch */
  seen(ref: WorkflowRef, now: number): WorkflowSeen {
    return seenOf(this.#memory, ref, now)
  }

  /** What a permit stands on was made worse since. */
  isWorse(standing: WorkflowStanding, now: number): boolean {
    return isWorse(seenOf(this.#memory, standing.ref, now), standing)
  }

  follow(leaf: Leaf): void {
    advance(this.#memory, leaf)
  }
}
