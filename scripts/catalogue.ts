// Writes rego/CATALOGUE.md from the METADATA of every rule, and holds rules to the laws of the pack that
// no other tool checks. `--check` writes nothing and fails when the file differs or a law is broken.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from '../service/contract/policy-result.ts'
import { isObservable } from '../service/decision/observe.ts'
import { resolvePart } from './parts/resolve.ts'
import { root } from './parts/root.ts'
import { messageOf, run } from './parts/run.ts'

interface Custom {
  readonly code?: string
  readonly effect?: string
  readonly severity?: string
  readonly hold?: string
  readonly waivable?: boolean
  readonly observable?: boolean
  readonly rationale?: string
  readonly remediation?: string
  readonly mapping?: Readonly<Record<string, readonly string[]>>
}

interface Rule {
  readonly file: string
  /** `rule`, `ground` or `obligation`, then area and name. */
  readonly place: readonly [string, string, string]
  readonly title?: string
  readonly description?: string
  readonly custom: Custom
}

interface Inspected {
  readonly annotations: readonly {
    readonly annotations: { scope: string; title?: string; description?: string; custom?: Custom }
    readonly location: { readonly file: string }
  }[]
}

const folder = 'rego/countersign'
const catalogue = join(root, 'rego/CATALOGUE.md')
const severities = ['low', 'medium', 'high', 'critical']
const mappings: Readonly<Record<string, RegExp>> = {
  owasp_asi: /^ASI(0[1-9]|10)$/u,
  owasp_mcp: /^MCP(0[1-9]|10)$/u,
  maestro: /^L[1-7]$/u,
  nist: /^(AI-RMF-(GOVERN|MAP|MEASURE|MANAGE)|CSF-(GV|ID|PR|DE|RS|RC))$/u,
}

try {
  const rules = readRules()
  const faults = [...rules.flatMap(faultsOf), ...sameCodes(rules), ...regoFiles().flatMap(traps)]
  const text = pageOf(rules)
  if (!process.argv.includes('--check')) writeFileSync(catalogue, text)
  else if (!existsSync(catalogue) || readFileSync(catalogue, 'utf8') !== text) {
    faults.push(
      'rego/CATALOGUE.md is not what the rules say: run scripts/catalogue.ts and commit it',
    )
  }
  for (const fault of faults) process.stderr.write(`${fault}\n`)
  process.exitCode = faults.length === 0 ? 0 : 1
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
}

function readRules(): readonly Rule[] {
  const printed = run(
    resolvePart('opa'),
    ['inspect', '--annotations', '--format', 'json', folder],
    {
      folder: root,
    },
  )
  const annotated = new Map(
    (JSON.parse(printed) as Inspected).annotations
      .filter(({ annotations }) => annotations.scope === 'package')
      .map(({ annotations, location }) => [location.file, annotations]),
  )
  return regoFiles().flatMap((file) => {
    const [tree = '', area = '', name = ''] = file.slice(folder.length + 1).split('/')
    if (!['rule', 'ground', 'obligation'].includes(tree)) return []
    const { custom = {}, ...rest } = annotated.get(file) ?? {}
    return [{ file, place: [tree, area, name] as const, ...rest, custom }]
  })
}

function regoFiles(): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.rego') && !name.endsWith('_test.rego'))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .sort()
}

/** What is missing or wrong in the METADATA of one rule. */
function faultsOf({
  file,
  place: [tree, area, name],
  title,
  description,
  custom,
}: Rule): readonly string[] {
  const {
    code,
    effect,
    severity,
    hold,
    waivable,
    observable,
    rationale,
    remediation,
    mapping = {},
  } = custom
  const isRule = tree === 'rule'
  const checks: readonly (readonly [boolean, string])[] = [
    [
      file === `${folder}/${tree}/${area}/${name}/${name}.rego`,
      'the file is not <area>/<name>/<name>.rego',
    ],
    [existsSync(join(root, file.replace(/\.rego$/u, '_test.rego'))), 'it has no test beside it'],
    [isText(title) && isText(description), 'it needs title and description'],
    [code?.startsWith(`${area}.`) === true, `its code does not begin with ${area}.`],
    [isText(rationale), 'it needs custom.rationale'],
    [tree === 'ground' || isText(remediation), 'it needs custom.remediation'],
    [
      !isRule || severities.includes(severity ?? ''),
      `custom.severity is none of ${severities.join(', ')}`,
    ],
    [!isRule || typeof waivable === 'boolean', 'custom.waivable is not true or false'],
    [[undefined, false].includes(observable), 'custom.observable is not false: leave it out'],
    [
      !(waivable === true && (severity === 'critical' || area === 'identity')),
      'it must not be waivable',
    ],
    [
      effect ===
        { rule: hold === undefined ? 'deny' : 'hold', ground: 'permit', obligation: 'oblige' }[
          tree
        ],
      'custom.effect does not fit',
    ],
    [
      hold === undefined || ['approval', 'review'].includes(hold),
      'custom.hold is not approval or review',
    ],
    [
      ['owasp_asi', 'maestro', 'nist'].every((one) => (mapping[one]?.length ?? 0) > 0),
      'custom.mapping lacks owasp_asi, maestro or nist',
    ],
    ...Object.entries(mapping).map(
      ([one, values]) =>
        [
          values.every((value) => mappings[one]?.test(value) === true),
          `custom.mapping.${one} has an unknown value`,
        ] as const,
    ),
  ]
  return checks.filter(([holds]) => !holds).map(([, fault]) => `${file}: ${fault}`)
}

/** Said of a rule that may not be observed, as the service has it of its findings. */
function watchOf(tree: string, { code = '', severity, observable = true }: Custom): string[] {
  const finding = { code, rule: code, severity, effect: 'deny', observable, params: {} }
  return tree !== 'rule' || isObservable(finding as Finding) ? [] : ['never observed']
}

function isText(value: string | undefined): boolean {
  return value !== undefined && value !== ''
}

function sameCodes(rules: readonly Rule[]): string[] {
  const codes = rules.map((rule) => rule.custom.code ?? '')
  return codes
    .filter((code, i) => codes.indexOf(code) !== i)
    .map((code) => `the code ${code} stands twice`)
}

/**
 * `not f(input.x)` is not true but undefined when `input.x` is missing, because OPA reads the argument
 * outside the negation; the finding would vanish. Negate a helper rule, or `==`.
 */
function traps(file: string): readonly string[] {
  const lines = readFileSync(join(root, file), 'utf8').split('\n')
  return lines.flatMap((line, i) =>
    /\bnot\b.*(\(.*\binput\b|\bin input\b|\binput\S* in\b)/u.test(line)
      ? [`${file}:${String(i + 1)} negates a call or \`in\` over input: negate a helper rule`]
      : [],
  )
}

function pageOf(rules: readonly Rule[]): string {
  const areas = [...new Set(rules.map((rule) => rule.place[1]))]
  const counted = rules.filter((rule) => rule.place[0] === 'rule').length
  return [
    '# The rules',
    '',
    `Written by \`scripts/catalogue.ts\` from METADATA; do not edit. ${String(counted)} rules find, the others permit or oblige.`,
    'A waivable finding may be waived by an exception of the registry, for a time.',
    'Any may be observed, for a time, unless it says never: of identity, critical, or `observable: false`.',
    ...areas.flatMap((area) => [
      '',
      `## ${area}`,
      ...rules.filter((rule) => rule.place[1] === area).flatMap(entryOf),
    ]),
    '',
  ].join('\n')
}

function entryOf({ place: [tree], title = '', description = '', custom }: Rule): readonly string[] {
  const {
    code = '',
    effect = '',
    severity,
    hold,
    waivable,
    rationale = '',
    remediation,
    mapping = {},
  } = custom
  const nature = [
    tree === 'obligation' ? 'obligation' : effect + (hold === undefined ? '' : ` (${hold})`),
    ...(severity === undefined ? [] : [severity]),
    ...(waivable === true ? ['waivable'] : []),
    ...watchOf(tree, custom),
  ]
  return [
    '',
    `### \`${code}\` ${title}`,
    '',
    `${nature.join(', ')}. ${description}`,
    '',
    `- Why: ${rationale}`,
    ...(remediation === undefined ? [] : [`- Remedy: ${remediation}`]),
    `- Maps to: ${Object.values(mapping).flat().join(', ')}`,
  ]
}
