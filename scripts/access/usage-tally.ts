// What decisions used: counted by entry, as the registry, the issuers of grants and the configuration name them.

import type { ListedDecision } from '../../service/contract/decision-list.ts'

/** What of an entry was asked for: with a permit or a hold it was used; a denial is an attempt. */
export interface Asked {
  readonly used: number
  readonly denied: number
}

export type UsedEntry =
  'server' | 'capability' | 'purpose' | 'grant' | 'agent' | 'exception' | 'observation' | 'pep'

export class UsageTally {
  readonly #asked = new Map<string, Asked>()
  #decisions = 0
  #undisclosed = 0

  get decisions(): number {
    return this.#decisions
  }

  /** Decisions whose disclosure is erased or not at hand: which agents and exceptions they used, nobody can say. */
  get undisclosed(): number {
    return this.#undisclosed
  }

  /** Whether a decision that used such an entry could have been seen to. */
  isKnown(entry: UsedEntry): boolean {
    const isDisclosed = entry === 'agent' || entry === 'exception'
    return !isDisclosed || this.#decisions === 0 || this.#undisclosed < this.#decisions
  }

  take(decision: ListedDecision): void {
    const { server, capability, purpose, agents, pep, effect } = decision
    const isUse = effect !== 'deny'
    this.#decisions += 1
    if (agents === null) this.#undisclosed += 1
    // A gateway that asks is in use, whatever it is told.
    this.#count('pep', [pep], true)
    this.#count('server', [server], isUse)
    if (capability !== null) this.#count('capability', [server, capability], isUse)
    if (purpose !== null) {
      this.#count('purpose', [purpose.code], isUse)
      this.#count('grant', [purpose.grant_id], isUse)
    }
    for (const { iss, client_id: id } of agents ?? []) this.#count('agent', [iss, id], isUse)
    for (const id of decision.waived_by ?? []) this.#count('exception', [id], isUse)
    for (const id of decision.observed_by) this.#count('observation', [id], isUse)
  }

  of(entry: UsedEntry, ...names: readonly string[]): Asked {
    return this.#asked.get(keyOf(entry, names)) ?? { used: 0, denied: 0 }
  }

  #count(entry: UsedEntry, names: readonly (string | null)[], isUse: boolean): void {
    const key = keyOf(entry, names)
    const { used, denied } = this.#asked.get(key) ?? { used: 0, denied: 0 }
    this.#asked.set(key, isUse ? { used: used + 1, denied } : { used, denied: denied + 1 })
  }
}

function keyOf(entry: UsedEntry, names: readonly (string | null)[]): string {
  return JSON.stringify([entry, ...names])
}
