// What leaves say of leaves before them: an outcome of its decision, a lift of its stop, a decision of the policy that judged
// it. A fold; what is referred to must have stood in the log already.

import { answeredEffect } from '../../../service/contract/observation.ts'
import type { PolicyRevision } from '../../../service/contract/decision.ts'
import type { DecisionLeaf, EventLeaf, Leaf } from '../../../service/contract/leaf.ts'
import { LogFault } from '../log-fault.ts'
import { SpilledMap } from '../read/spilled-map.ts'

/** Of a decision, what its outcome must repeat. */
interface Decided {
  readonly index: number
  readonly pep: string
  readonly effect: string
  readonly answered: string
  readonly workflow: string
}

export class References {
  readonly #first: number
  /** Without an outcome yet. */
  readonly #decided = new SpilledMap<Decided>()
  readonly #stops = new SpilledMap<1>()
  /** Revision by digest of the sets of bundles that were activated. */
  readonly #policies = new Map<string, string>()

  /** @param first the first entry that is read: what refers to one before it cannot be held against it */
  constructor(first = 0) {
    this.#first = first
  }

  /** Takes the next leaf. @throws LogFault */
  check(leaf: Leaf): void {
    switch (leaf.kind) {
      case 'decision':
        this.#decision(leaf)
        break
      case 'outcome':
        this.#outcome(leaf)
        break
      case 'kill_switch':
        this.#stops.set(leaf.jti, 1)
        break
      case 'kill_switch_lifted':
        this.#lift(leaf)
        break
      case 'bundle_activation':
        this.#policies.set(String(leaf.event['digest']), String(leaf.event['revision']))
        break
      case 'bundle_pin':
      case 'bundle_rollback':
        this.#activated(leaf.index, leaf.event as PolicyRevision)
        break
      default:
    }
  }

  #decision({ index, jti, aud, workflow, binding, authority, ...leaf }: DecisionLeaf): void {
    const { policy } = binding
    if (policy?.digest !== authority.policy?.digest) {
      const found = authority.policy?.digest ?? 'no policy'
      throw new LogFault({
        ...{ check: 'reference', index },
        ...{
          expected: `the same policy in binding and authority, ${policy?.digest ?? 'none'}`,
          found,
        },
      })
    }
    if (policy !== null) this.#activated(index, policy)
    const { effect } = leaf
    this.#decided.set(jti, {
      ...{ index, pep: aud, effect, answered: answeredEffect(leaf), workflow: workflow.id },
    })
  }

  #activated(index: number, { digest, revision }: PolicyRevision): void {
    const activated = this.#policies.get(digest)
    if (activated === revision) return
    if (activated === undefined && this.#first > 0) {
      this.#policies.set(digest, revision)
      return
    }
    const expected = `a policy that an earlier leaf activated${activated === undefined ? '' : ` as ${activated}`}`
    throw new LogFault({ check: 'reference', index, expected, found: `${digest} (${revision})` })
  }

  /** One for each decision: what was reported is not forgotten, so a second finds nothing. */
  #outcome({ index, event, workflow }: EventLeaf): void {
    const id = String(event['decision_id'])
    const decided = this.#decided.get(id)
    if (decided === undefined && Number(event['decision_index']) < this.#first) return
    if (decided === undefined) {
      const expected = 'the outcome of an earlier decision that has none yet'
      throw new LogFault({ check: 'reference', index, expected, found: id })
    }
    const said = {
      ...{ index: event['decision_index'], pep: event['pep'], effect: event['effect'] },
      workflow: workflow?.id,
    }
    for (const [name, found] of Object.entries(said)) {
      const expected = decided[name as keyof typeof said]
      if (expected !== found) {
        throw new LogFault({
          ...{ check: 'reference', index },
          ...{ expected: `${name} ${String(expected)}, as ${id} has it`, found: String(found) },
        })
      }
    }
    this.#decided.delete(id)
  }

  #lift({ index, event }: EventLeaf): void {
    const id = String(event['id'])
    if (this.#stops.delete(id) || this.#first > 0) return
    const expected = 'the lift of a stop that stands'
    throw new LogFault({ check: 'reference', index, expected, found: id })
  }
}
