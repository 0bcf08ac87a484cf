/** Counts how a candidate's judgement differs from the one that decided; bounded, whatever the traffic. */
import type { Decision } from '../contract/decision.ts'
import type { Digest } from '../contract/digest.ts'
import { limits } from '../contract/limits.ts'
import type { Comparison } from '../contract/shadow-report.ts'

type Judged = Pick<Decision, 'decisionId' | 'effect' | 'reasons'>
type EffectCount = { queries: number; readonly decisions: string[] }
type RuleCount = { added: number; removed: number; readonly decisions: string[] }

export class ShadowTally {
  readonly active: Digest | null
  readonly #since: number
  readonly #effects = new Map<string, EffectCount>()
  readonly #rules = new Map<string, RuleCount>()
  #queries = 0
  #changed = 0
  #dropped = 0
  #moreRules = 0

  /** @param active digest of the set that decides. @param since milliseconds since the epoch. */
  constructor(active: Digest | null, since: number) {
    this.active = active
    this.#since = since
  }

  drop(): void {
    this.#dropped += 1
  }

  /** Both as judged: what a finding is waived by, or observed by, is part of the policy that judged. */
  add(decided: Judged, candidate: Judged): void {
    const before = codesOf(decided)
    const after = codesOf(candidate)
    const added = [...after].filter((code) => !before.has(code))
    const removed = [...before].filter((code) => !after.has(code))
    this.#queries += 1
    if (decided.effect !== candidate.effect) this.#addEffect(decided, candidate)
    for (const code of added) this.#addRule(code, 'added', decided.decisionId)
    for (const code of removed) this.#addRule(code, 'removed', decided.decisionId)
    if (decided.effect !== candidate.effect || added.length + removed.length > 0) this.#changed += 1
  }

  comparison(): Comparison {
    return {
      active: this.active,
      since: new Date(this.#since).toISOString(),
      queries: this.#queries,
      changed: this.#changed,
      dropped: this.#dropped,
      effects: [...this.#effects].map(([change, { queries, decisions }]) => {
        const [from, to] = change.split(' ') as [Decision['effect'], Decision['effect']]
        return { from, to, queries, decisions: [...decisions] }
      }),
      rules: [...this.#rules]
        .map(([code, { decisions, ...counts }]) => ({ code, ...counts, decisions: [...decisions] }))
        .sort((a, b) => b.added + b.removed - (a.added + a.removed)),
      more_rules: this.#moreRules,
    }
  }

  #addEffect(decided: Judged, candidate: Judged): void {
    const change = `${decided.effect} ${candidate.effect}`
    const count = this.#effects.get(change) ?? { queries: 0, decisions: [] }
    count.queries += 1
    sample(count.decisions, decided.decisionId)
    this.#effects.set(change, count)
  }

  #addRule(code: string, way: 'added' | 'removed', decisionId: string): void {
    const count = this.#rules.get(code) ?? { added: 0, removed: 0, decisions: [] }
    if (this.#rules.size >= limits.shadowCodes && !this.#rules.has(code)) {
      this.#moreRules += 1
      return
    }
    count[way] += 1
    sample(count.decisions, decisionId)
    this.#rules.set(code, count)
  }
}

/** A waived finding has no effect: that it is waived is a difference. */
function codesOf({ reasons }: Judged): Set<string> {
  return new Set(
    reasons.map(({ code, params }) => ('waived_by' in params ? `${code} (waived)` : code)),
  )
}

/** The newest: their records are the likeliest to be looked at. */
function sample(decisions: string[], id: string): void {
  decisions.push(id)
  if (decisions.length > limits.shadowSamples) decisions.shift()
}
