// The laws of a policy that no other tool checks: what METADATA must say, that no code stands twice, and the
// traps of Rego through which a finding vanishes.

import { existsSync, readFileSync } from 'node:fs'
import type { Remark } from '../remark.ts'
import type { Source } from '../sources.ts'
import type { Rule } from './rules.ts'

const severities = ['low', 'medium', 'high', 'critical']
const mappings: Readonly<Record<string, RegExp>> = {
  owasp_asi: /^ASI(0[1-9]|10)$/u,
  owasp_mcp: /^MCP(0[1-9]|10)$/u,
  maestro: /^L[1-7]$/u,
  nist: /^(AI-RMF-(GOVERN|MAP|MEASURE|MANAGE)|CSF-(GV|ID|PR|DE|RS|RC))$/u,
}

type Law = readonly [holds: boolean, fault: string]

/** What is missing or wrong in the METADATA of one rule. */
export function faultsOf(rule: Rule): readonly Remark[] {
  return [...placeLaws(rule), ...textLaws(rule), ...effectLaws(rule), ...mappingLaws(rule)]
    .filter(([holds]) => !holds)
    .map(([, message]) => remarkAt(rule, message))
}

function placeLaws({ source, place: [tree, area, name], custom }: Rule): readonly Law[] {
  return [
    [
      source.within === `${tree}/${area}/${name}/${name}.rego`,
      'the file is not <area>/<name>/<name>.rego',
    ],
    [existsSync(source.path.replace(/\.rego$/u, '_test.rego')), 'it has no test beside it'],
    [custom.code?.startsWith(`${area}.`) === true, `its code does not begin with ${area}.`],
  ]
}

function textLaws({ title, description, custom }: Rule): readonly Law[] {
  return [
    [isText(title) && isText(description), 'it needs title and description'],
    [isText(custom.rationale), 'it needs custom.rationale'],
    [isText(custom.remediation), 'it needs custom.remediation'],
  ]
}

const effects: Readonly<Record<string, string>> = { ground: 'permit', obligation: 'oblige' }

function effectLaws({ place: [tree, area], custom }: Rule): readonly Law[] {
  const { effect, severity = '', hold, waivable, observable } = custom
  const isRule = tree === 'rule'
  const fitting = effects[tree] ?? (hold === undefined ? 'deny' : 'hold')
  const isGrave = severity === 'critical' || area === 'identity'
  return [
    [
      !isRule || severities.includes(severity),
      `custom.severity is none of ${severities.join(', ')}`,
    ],
    [!isRule || typeof waivable === 'boolean', 'custom.waivable is not true or false'],
    [!(waivable === true && isGrave), 'it must not be waivable'],
    [observable !== true, 'custom.observable is not false: leave it out'],
    [effect === fitting, `custom.effect does not fit: it is ${fitting} here`],
    [
      hold === undefined || ['approval', 'review'].includes(hold),
      'custom.hold is not approval or review',
    ],
  ]
}

/** The pack maps each rule to the frameworks; a team need not. */
function mappingLaws({ place: [, area], custom: { mapping = {} } }: Rule): readonly Law[] {
  return [
    [
      area === 'team' ||
        ['owasp_asi', 'maestro', 'nist'].every((one) => (mapping[one]?.length ?? 0) > 0),
      'custom.mapping lacks owasp_asi, maestro or nist',
    ],
    ...Object.entries(mapping).map(([one, values]): Law => {
      const known = values.every((value) => mappings[one]?.test(value) === true)
      return [known, `custom.mapping.${one} has an unknown value`]
    }),
  ]
}

function isText(value: string | undefined): boolean {
  return value !== undefined && value !== ''
}

function remarkAt({ source, line }: Rule, message: string): Remark {
  return {
    ...{ file: source.path, line, column: 1, message },
    severity: 'error',
    code: 'rules.metadata',
  }
}

export function sameCodes(rules: readonly Rule[]): readonly Remark[] {
  const seen = new Set<string>()
  return rules.flatMap((rule) => {
    const { code = '' } = rule.custom
    if (code === '' || !seen.has(code)) {
      seen.add(code)
      return []
    }
    return [remarkAt(rule, `the code ${code} stands twice: a code means one thing`)]
  })
}

/**
 * `not f(input.x)` is not true but undefined when `input.x` is missing, because OPA reads the argument
 * outside the negation; the finding would vanish. Negate a helper rule, or `==`.
 */
export function traps({ path }: Source): readonly Remark[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.flatMap((line, i) => {
    const found = /\bnot\b.*(\(.*\binput\b|\bin input\b|\binput\S* in\b)/u.exec(line)
    if (found === null) return []
    const message =
      'it negates a call or `in` over input, which is undefined when that is missing: negate a helper rule'
    return [
      {
        ...{ file: path, line: i + 1, column: found.index + 1, message },
        severity: 'error' as const,
        code: 'rules.negated_call',
      },
    ]
  })
}
