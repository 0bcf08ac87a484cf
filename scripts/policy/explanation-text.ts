// An explanation for people: what speaks against the question, what for it, and what would permit it.

import type {
  ExplainedFinding,
  ExplainedRule,
  Explanation,
} from '../../service/contract/explanation.ts'

const valueCharacters = 160

export function explanationText(explanation: Explanation): string {
  const { effect, source, policy, recorded, hold, gaps, findings, grounds, facts } = explanation
  const { missing_grounds: missing, observed } = explanation
  return [
    `effect   ${effect}${hold === undefined ? '' : ` (${hold.kind}${hold.group === undefined ? '' : ` by ${hold.group}`})`}`,
    ...(observed === undefined
      ? []
      : [
          `answered ${observed.answered_effect}: observed until ${observed.expires_at} by ${observed.by.map(({ id, owner }) => `${id} (${owner})`).join(', ')}`,
        ]),
    ...(recorded === undefined
      ? []
      : [
          `record   ${recorded.decision_id}: ${recorded.effect}${recorded.reasons.length === 0 ? '' : ` for ${recorded.reasons.join(', ')}`}`,
        ]),
    `policy   ${policy === null ? 'none' : `${policy.revision} (${policy.digest})`}`,
    ...(source === 'policy' ? [] : [`policy did not decide (${source}):`]),
    ...gaps.map(({ code, params }) => `  ${code} ${paramsText(params)}`),
    ...section(
      'speaks against it',
      findings.flatMap((one) => findingLines(one, facts)),
    ),
    ...section(
      'speaks for it',
      grounds.flatMap((one) => ruleLines(one, facts)),
    ),
    ...section(
      'nothing speaks for it; one of these must',
      missing.flatMap((one) => ruleLines(one, facts)),
    ),
    ...section('to be permitted', remedies(explanation)),
  ].join('\n')
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines]
}

function findingLines(finding: ExplainedFinding, facts: Explanation['facts']): readonly string[] {
  const { effect, severity, params, waived_by: waiver, without } = finding
  const [first = '', ...rest] = ruleLines(finding, facts)
  return [
    `${first}  ${effect}, ${severity}${waiver === undefined ? '' : `, waived by ${waiver}`}`,
    ...(Object.keys(params).length === 0 ? [] : [`    says     ${paramsText(params)}`]),
    ...rest,
    ...(waiver === undefined ? [`    without  ${without}, if only the others stood`] : []),
  ]
}

function ruleLines(rule: ExplainedRule, facts: Explanation['facts']): readonly string[] {
  const { code, file, lines = [], title, reads = [] } = rule
  const at = file === undefined ? '' : `  ${file}:${lines.join(',')}`
  return [
    `  ${code}${at}`,
    ...(title === undefined ? [] : [`    ${title}.`]),
    ...reads
      // What lies below says more.
      .filter((path) => path !== '' && !reads.some((other) => other.startsWith(`${path}/`)))
      .map((path) => `    reads    ${path} ${factText(path, facts)}`),
  ]
}

function factText(path: string, facts: Explanation['facts']): string {
  return Object.hasOwn(facts, path) ? `= ${short(JSON.stringify(facts[path]))}` : 'is not there'
}

function short(text: string): string {
  return text.length <= valueCharacters ? text : `${text.slice(0, valueCharacters)}…`
}

function paramsText(params: Readonly<Record<string, unknown>>): string {
  return Object.keys(params).length === 0 ? '' : short(JSON.stringify(params))
}

function remedies(explanation: Explanation): readonly string[] {
  const { effect, source, findings, missing_grounds: missing, gaps } = explanation
  if (effect === 'permit') return []
  if (source === 'gap')
    return gaps.map(({ code }) => `  ${code}: send evidence that is whole, or leave it out`)
  if (source === 'engine_fault') return ['  mend the policy, or what it runs in']
  const standing = findings.filter((finding) => finding.waived_by === undefined)
  const choice = (i: number): string => (missing.length < 2 ? '' : i === 0 ? 'either ' : 'or ')
  return [
    ...standing.map((one) => `  ${remedyOf(one)}`),
    ...missing.map((one, i) => `  ${choice(i)}${remedyOf(one)}`),
  ]
}

function remedyOf({ code, remediation }: ExplainedRule): string {
  return `${code}: ${remediation ?? 'its rule names no remedy'}`
}
