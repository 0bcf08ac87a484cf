/**
 * Says of a verdict which rules made it, where they stand, and what they read. Total, and no second judge: it
 * takes findings as the engine gave them.
 */
import type { PolicyRevision } from '../contract/decision.ts'
import type { Explanation, ExplainedFinding, ExplainedRule } from '../contract/explanation.ts'
import type { Finding, Ground, PolicyResult } from '../contract/policy-result.ts'
import type { RuleMap } from '../contract/rule-map.ts'
import { combinedEffect } from './combined-effect.ts'
import type { Verdict } from './verdict.ts'

export type Explained = {
  readonly verdict: Verdict
  /** The policy input that was judged. */
  readonly input: unknown
  readonly rules: RuleMap
  readonly policy: PolicyRevision | null
}

export function explainVerdict({ verdict, input, rules, policy }: Explained): Explanation {
  if (verdict.source === 'policy')
    return withFacts(explainResult(verdict.result, rules, policy), input)
  const fault = verdict.fault === null ? [] : [{ code: verdict.fault, params: {} }]
  const gaps = [...verdict.gaps, ...fault].map(({ code, params }) => ({ code, params }))
  return { ...nothing, effect: 'deny', source: verdict.source, policy, gaps }
}

const nothing = {
  findings: [],
  grounds: [],
  missing_grounds: [],
  gaps: [],
  obligations: [],
  facts: {},
}

function explainResult(
  result: PolicyResult,
  rules: RuleMap,
  policy: PolicyRevision | null,
): Explanation {
  const { effect, findings, grounds, obligations, hold } = result
  return {
    ...nothing,
    ...{ effect, source: 'policy', policy, obligations },
    findings: findings.map((finding) => explainFinding(finding, result, rules)),
    grounds: grounds.map((ground) => placeOf(ground, rules)),
    missing_grounds: grounds.length > 0 ? [] : groundsOf(rules),
    ...(hold === undefined ? {} : { hold }),
  }
}

function explainFinding(
  finding: Finding,
  { findings, grounds }: PolicyResult,
  rules: RuleMap,
): ExplainedFinding {
  const { effect, severity, params, waived_by: waivedBy } = finding
  const others = findings.filter((other) => other !== finding && other.waived_by === undefined)
  return {
    ...placeOf(finding, rules),
    ...{ effect, severity, params },
    ...(waivedBy === undefined ? {} : { waived_by: waivedBy }),
    without: combinedEffect(others, grounds),
  }
}

function placeOf({ code, rule }: Ground, rules: RuleMap): ExplainedRule {
  const entry = Object.hasOwn(rules, code) ? rules[code] : undefined
  if (entry === undefined) return { code, rule }
  const { kind: _kind, ...rest } = entry
  return { ...rest, code, rule }
}

function groundsOf(rules: RuleMap): ExplainedRule[] {
  return Object.entries(rules)
    .filter(([, { kind }]) => kind === 'ground')
    .map(([code, { rule }]) => placeOf({ code, rule }, rules))
}

/** Each value once, however many rules read it. */
function withFacts(explanation: Explanation, input: unknown): Explanation {
  const { findings, grounds, missing_grounds: missing } = explanation
  const paths = [...findings, ...grounds, ...missing].flatMap(({ reads = [] }) => reads)
  const facts: Record<string, unknown> = {}
  for (const path of new Set(paths)) {
    const value = memberAt(input, path)
    // The empty path is the whole input: whoever asks has it.
    if (path !== '' && value !== undefined) facts[path] = value
  }
  return { ...explanation, facts }
}

function memberAt(input: unknown, path: string): unknown {
  let at = input
  for (const name of path.split('/')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined
    at = (at as Readonly<Record<string, unknown>>)[name]
  }
  return at
}
