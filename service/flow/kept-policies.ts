/**
 * Judges by a set of bundles that decided once: the active one, or one of the store, started for this and
 * stopped again. One at a time for a tenant, so that explanations never crowd out decisions.
 */
import { PdpError } from '../contract/error-code.ts'
import type { RuleMap } from '../contract/rule-map.ts'
import { findSet } from '../bundle/stored-sets.ts'
import type { Evaluation, PolicyEngine } from '../port/policy-engine.ts'
import type { PolicyLife } from './policy-life.ts'

export type JudgedAgain = { readonly evaluation: Evaluation; readonly rules: RuleMap }

const mostWaiting = 8

export class KeptPolicies {
  readonly #life: PolicyLife
  #turn: Promise<unknown> = Promise.resolve()
  #waiting = 0

  constructor(life: PolicyLife) {
    this.#life = life
  }

  /**
   * @param digest of the set, as the decision names it
   * @throws PdpError `not_found` when the set is no longer kept; `overloaded` when many are waiting.
   */
  async judge(digest: string, text: string): Promise<JudgedAgain> {
    const { active } = this.#life
    if (active?.set.digest === digest) return askedOf(active.engine, text)
    if (this.#waiting >= mostWaiting)
      throw new PdpError('overloaded', 'Many explanations are waiting: ask again later.')
    this.#waiting += 1
    const judged = this.#turn.then(() => this.#started(digest, text))
    this.#turn = judged.catch(() => undefined)
    return judged.finally(() => (this.#waiting -= 1))
  }

  async #started(digest: string, text: string): Promise<JudgedAgain> {
    const { store, loader } = this.#life.ports
    const set = findSet(store.state(), digest)
    if (set === null) {
      throw new PdpError(
        'not_found',
        `The bundles that decided (${digest}) are no longer kept: the record itself has the reasons.`,
      )
    }
    const { engine } = await loader.load(await store.read(set.bundles), set.first_activated_at)
    try {
      return await askedOf(engine, text)
    } finally {
      await engine.close()
    }
  }
}

async function askedOf(engine: PolicyEngine, text: string): Promise<JudgedAgain> {
  return { evaluation: await engine.evaluate(text), rules: engine.rules }
}
