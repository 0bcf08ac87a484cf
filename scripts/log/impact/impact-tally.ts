// What a candidate would have decided otherwise, counted by rule, by capability and by person.

import type { Decision } from '../../../service/contract/decision.ts'
import { add } from '../replay/replay-tally.ts'
import type { Unjudged } from '../replay/judge-all.ts'
import type { Recorded } from '../replay/recorded-decisions.ts'
import { type Change, changeOf } from './change.ts'
import { type GroupCount, Groups, type Way } from './group.ts'
import type { GuardCount, Guards } from './guards.ts'

export interface Impact {
  readonly judged: number
  readonly changed: number
  readonly newly_permitted: number
  readonly newly_denied: number
  readonly newly_held: number
  /** The candidate could not say: counted as the denials that they would be. */
  readonly candidate_faults: number
  readonly not_judged: Readonly<Record<string, number>>
  /** Of those of which some of the input has ended: how many lack which class. */
  readonly ended_classes: Readonly<Record<string, number>>
  readonly rules: readonly GroupCount[]
  readonly capabilities: readonly GroupCount[]
  /** By pseudonym, as leaves have it; `nobody` where nobody was proved. */
  readonly initiators: readonly GroupCount[]
  /** Changes under names beyond those that are told apart. */
  readonly more: number
  readonly guards: readonly GuardCount[]
}

export class ImpactTally {
  readonly #guards: Guards
  readonly #rules = new Groups()
  readonly #capabilities = new Groups()
  readonly #initiators = new Groups()
  readonly #ways: Record<Way, number> = {
    ...{ newly_permitted: 0, newly_denied: 0, newly_held: 0, otherwise: 0 },
  }
  readonly #causes = new Map<string, number>()
  readonly #ended = new Map<string, number>()
  #judged = 0
  #faults = 0

  constructor(guards: Guards) {
    this.#guards = guards
  }

  readonly judged = (recorded: Recorded, decision: Decision): void => {
    this.#judged += 1
    if (decision.source === 'engine_fault') this.#faults += 1
    this.#guards.take(recorded, decision)
    const change = changeOf(recorded, decision)
    if (change !== null) this.#change(recorded, change)
  }

  readonly unjudged = (cause: Unjudged, entries: number, classes: readonly string[] = []): void => {
    add(this.#causes, cause, entries)
    for (const name of classes) add(this.#ended, name, entries)
  }

  #change({ leaf }: Recorded, change: Change): void {
    const way = wayOf(change)
    const person = leaf.sub ?? 'nobody'
    const { kind, server, key } = leaf.capability
    this.#ways[way] += 1
    this.#capabilities.add(`${server}/${key ?? kind}`, way, person, leaf.jti)
    this.#initiators.add(person, way, person, leaf.jti)
    for (const { code } of change.appeared) this.#rules.add(`+ ${code}`, way, person, leaf.jti)
    for (const { code } of change.vanished) this.#rules.add(`- ${code}`, way, person, leaf.jti)
  }

  impact(): Impact {
    const { otherwise, ...newly } = this.#ways
    const groups = [this.#rules, this.#capabilities, this.#initiators]
    return {
      judged: this.#judged,
      changed: Object.values(newly).reduce((all, one) => all + one, otherwise),
      ...newly,
      candidate_faults: this.#faults,
      not_judged: Object.fromEntries([...this.#causes].sort()),
      ended_classes: Object.fromEntries([...this.#ended].sort()),
      rules: this.#rules.counts(),
      capabilities: this.#capabilities.counts(),
      initiators: this.#initiators.counts(),
      more: groups.reduce((all, { more }) => all + more, 0),
      guards: this.#guards.counts(),
    }
  }
}

function wayOf({ from, to }: Change): Way {
  if (from === to) return 'otherwise'
  return to === 'permit' ? 'newly_permitted' : to === 'deny' ? 'newly_denied' : 'newly_held'
}
