// A timeline as a fold over the leaves, in their order: from the log alone, with no index and no other state.

import type { DecisionLeaf, EventLeaf } from '../../../service/contract/leaf.ts'
import { disclosedParts, isOfLeaf, type PartlyDisclosed } from '../read/disclosure-of.ts'
import type { Absent, Entry } from '../read/entry.ts'
import { readLeaf } from '../read/read-leaf.ts'
import { WorkflowChains } from '../read/workflow-chains.ts'
import { type Asked, type AskedPersons, asksForDecision, asksForEvent } from './asked.ts'
import { AskedApprovals } from './asked-approvals.ts'
import { type OpenDecision, decisionStep } from './decision-step.ts'
import { openEnds } from './open-ends.ts'
import type { EventStep, Missing, Timeline } from './steps.ts'
import { instantText } from '../printable.ts'

export class Reconstruction {
  readonly #asked: Asked
  readonly #persons: AskedPersons
  readonly #chains = new WorkflowChains()
  readonly #decisions = new Map<string, OpenDecision>()
  /** Holds that wait, by workflow and action. */
  readonly #holds = new Map<string, OpenDecision>()
  readonly #approvals = new AskedApprovals()
  readonly #events: EventStep[] = []
  readonly #missing: Missing[] = []
  /** Broken links, until it is known which workflows were asked for. */
  readonly #breaks: (Missing & { readonly workflow: string })[] = []
  #time = 0

  constructor(asked: Asked, persons: AskedPersons) {
    this.#asked = asked
    this.#persons = persons
  }

  take(entry: Entry): void {
    const reading = readLeaf(entry.token)
    if (!reading.ok) {
      this.#miss('unreadable_leaf', entry.index, reading.wrong)
      return
    }
    const { leaf, payload } = reading.read
    this.#time = Math.max(this.#time, leaf.iat)
    const broken = this.#chains.follow(leaf, payload)
    if (broken !== null) {
      const text = `a leaf of this workflow is missing before it: it says ${broken.found}, and ${broken.expected} comes next`
      this.#breaks.push({
        ...{ kind: 'workflow_gap', index: entry.index, text },
        workflow: broken.workflow,
      })
    }
    if (leaf.kind === 'decision') this.#decision(leaf, entry)
    else if (leaf.kind === 'outcome') this.#outcome(leaf)
    else if (this.#isAsked(leaf)) this.#event(leaf)
    this.#approvals.follow(leaf)
  }

  /** Entries that are not in the export; what they said is not known. */
  skip({ from, to, isPruned }: Absent): void {
    const upTo = to === from + 1 ? '' : ` to ${String(to - 1)}`
    const entries = `entry ${String(from)}${upTo}`
    const text = isPruned
      ? `${entries} was pruned from this log: name its archive with --archive`
      : `${entries} is not in this export`
    this.#miss('entries', from, text)
  }

  timeline(): Timeline {
    const open = [...this.#decisions.values()]
    const workflows = new Set(open.map(({ leaf }) => leaf.workflow.id))
    const broken = this.#breaks
      .filter(({ workflow }) => workflows.has(workflow) || workflow === this.#asked.workflow)
      .map(({ kind, index, text }) => ({ kind, index, text }))
    const steps = [...open.map(decisionStep), ...this.#events]
    const missing = [...this.#missing, ...broken, ...openEnds(open, this.#time)]
    return {
      steps: steps.toSorted((a, b) => a.index - b.index),
      missing: missing.toSorted((a, b) => a.index - b.index),
    }
  }

  #decision(leaf: DecisionLeaf, entry: Entry): void {
    const action = JSON.stringify([leaf.workflow.id, leaf.binding.action_digest])
    const held = this.#holds.get(action)
    if (held !== undefined && leaf.effect !== 'hold') {
      held.answeredBy = leaf.index
      this.#holds.delete(action)
    }
    if (!asksForDecision(this.#asked, leaf, this.#persons)) return
    const { approver } = this.#persons
    const open: OpenDecision = {
      ...{ leaf, disclosed: this.#disclosed(leaf, entry), outcome: null, answeredBy: null },
      toldBy: [],
      consents: this.#approvals.consentsOf(leaf),
    }
    this.#approvals.decided(open)
    const isApprovers = open.consents.some(({ voter }) => voter === approver)
    if (approver !== null && !isApprovers) return
    this.#decisions.set(leaf.jti, open)
    if (leaf.hold !== undefined) this.#holds.set(action, open)
  }

  #disclosed(leaf: DecisionLeaf, { disclosure }: Entry): PartlyDisclosed | null {
    if (disclosure === null) return null
    if (isOfLeaf(disclosure, leaf)) return disclosedParts(disclosure)
    this.#miss('disclosure', leaf.index, 'what was disclosed is not what the leaf says: left out')
    return null
  }

  /** It belongs to its decision, whatever the time that was asked for. */
  #outcome(leaf: EventLeaf): void {
    const id = String(leaf.event['decision_id'])
    const decision = this.#decisions.get(id)
    if (decision !== undefined) decision.outcome = leaf
    else if (leaf.workflow?.id === this.#asked.workflow) {
      this.#miss('decision', leaf.index, `the outcome is of ${id}, which this log does not have`)
    }
  }

  #isAsked(leaf: EventLeaf): boolean {
    const asked = this.#approvals.asked(leaf)
    const { approver } = this.#persons
    // A vote tells that what was held before it was asked of that person.
    if (approver !== null && leaf.event['voter'] === approver)
      for (const open of asked) this.#decisions.set(open.leaf.jti, open)
    if (asked.some(({ leaf: { jti } }) => this.#decisions.has(jti))) return true
    // A lift names the stop alone.
    const isLift = this.#events.some(
      ({ kind, id }) => kind === 'kill_switch' && id === leaf.event['id'],
    )
    return isLift || asksForEvent(this.#asked, leaf, this.#persons)
  }

  #event({ kind, index, iat, jti, event }: EventLeaf): void {
    this.#events.push({ kind, index, at: instantText(iat), id: jti, event })
  }

  #miss(kind: Missing['kind'], index: number, text: string): void {
    this.#missing.push({ kind, index, text })
  }
}
