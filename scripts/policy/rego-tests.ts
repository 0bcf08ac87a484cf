// The Rego tests of a project by `opa test`: what passed, what failed and where, what took longest, and which lines of
// the rules no test reaches.

import type { Registry } from '../../service/contract/registry.ts'
import { failedExpression, type FailedExpression, type TraceEvent } from './failed-expression.ts'
import type { Golden } from './golden.ts'
import type { Project } from './project.ts'
import type { Remark } from './remark.ts'
import { ownSources, testedSources, type Source } from './sources.ts'
import { staged } from './stage.ts'
import { jsonRemarksOf, pathNamed, runTool, type ToolRun } from './tool.ts'

export interface RegoTest {
  readonly name: string
  readonly package: string
  readonly file: string
  readonly line: number
  readonly microseconds: number
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** What it printed, and why it failed. */
  readonly said: string
  /** The expression that failed, and how what came differs from what it wants. */
  readonly failed: FailedExpression | null
}

export interface Uncovered {
  readonly file: string
  readonly from: number
  readonly to: number
}

export interface RegoTests {
  readonly tests: readonly RegoTest[]
  /** Null when only some of the tests were asked for. */
  readonly coverage: { readonly percent: number; readonly uncovered: readonly Uncovered[] } | null
  /** Why nothing could be run. */
  readonly faults: readonly Remark[]
}

const data = 'test-data.json'
/** OPA gives one test five seconds, which a busy machine may take for an honest one. */
const patience = ['--timeout', '5m']
/** How many failed tests are told in detail: a trace is long, and where more fail it is for one cause. */
const explained = 32

/** @param only a regular expression over `<package>.<test>` (RE2); null for all, with their coverage */
export async function runRegoTests(
  project: Project,
  golden: Golden,
  registry: Registry | null,
  only: string | null,
): Promise<RegoTests> {
  if (project.rules === null) return { tests: [], coverage: null, faults: [] }
  const tested = testedSources(project)
  const written = { [data]: JSON.stringify({ golden: golden.document, registry: registry ?? {} }) }
  return await staged(tested, written, (folder) => {
    const chosen = only === null ? [] : ['--run', only]
    const ran = runTool('opa', ['test', ...patience, '--format', 'json', ...chosen, '.'], {
      folder,
    })
    const tests = testsOf(ran, tested)
    if (tests === null)
      return { tests: [], coverage: null, faults: jsonRemarksOf(ran, tested, project.file) }
    const failed = tests.filter(({ outcome }) => outcome === 'failed').slice(0, explained)
    if (failed.length > 0)
      return { tests: explainedBy(failed, tests, folder), coverage: null, faults: [] }
    if (only !== null) return { tests, coverage: null, faults: [] }
    const covered = runTool('opa', ['test', ...patience, '--coverage', '--format', 'json', '.'], {
      folder,
    })
    return { tests, coverage: coverageOf(covered, ownSources(project)), faults: [] }
  })
}

interface Printed {
  readonly package: string
  readonly name: string
  readonly location: { readonly file: string; readonly row: number }
  readonly duration: number
  readonly fail?: boolean
  readonly skip?: boolean
  readonly error?: unknown
  /** Base64. */
  readonly output?: string
  readonly trace?: readonly TraceEvent[]
}

/** Null when OPA could not run them: it then prints no list. */
function testsOf({ stdout }: ToolRun, sources: readonly Source[]): readonly RegoTest[] | null {
  const printed = stdout.trimStart()
  if (!/^(?:\[|null)/u.test(printed)) return null
  const value = JSON.parse(printed) as readonly Printed[] | null
  return (value ?? []).map((one) => ({
    name: one.name,
    package: one.package.replace(/^data\./u, ''),
    file: pathNamed(one.location.file.replace(/^\.\//u, ''), sources),
    line: one.location.row,
    microseconds: Math.round(one.duration / 1000),
    outcome: one.skip === true ? 'skipped' : isFailed(one) ? 'failed' : 'passed',
    said: saidBy(one),
    failed: one.trace === undefined ? null : failedExpression(one.trace),
  }))
}

/** The same tests; those that failed are run once more with a trace, which would slow all the others. */
function explainedBy(
  failed: readonly RegoTest[],
  tests: readonly RegoTest[],
  folder: string,
): readonly RegoTest[] {
  const names = failed.map((one) => nameOf(one).replaceAll(/\W/gu, '\\$&'))
  const chosen = ['--run', `^data\\.(?:${names.join('|')})$`]
  const traced = ['test', ...patience, '--var-values', '--format', 'json', ...chosen, '.']
  const told = testsOf(runTool('opa', traced, { folder }), []) ?? []
  const byName = new Map(told.map((one) => [nameOf(one), one.failed]))
  return tests.map((one) => ({ ...one, failed: byName.get(nameOf(one)) ?? null }))
}

function nameOf({ package: from, name }: RegoTest): string {
  return `${from}.${name}`
}

function isFailed({ fail, error }: Printed): boolean {
  return fail === true || error !== undefined
}

function saidBy({ output, error }: Printed): string {
  const printed = output === undefined ? '' : Buffer.from(output, 'base64').toString('utf8').trim()
  return error === undefined ? printed : `${printed}\n${JSON.stringify(error)}`.trim()
}

interface Report {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly covered_lines?: number
        readonly not_covered_lines?: number
        readonly not_covered?: readonly {
          readonly start: { readonly row: number }
          readonly end: { readonly row: number }
        }[]
      }
    >
  >
}

/** Of the rules of the project alone: the pack is covered by its own tests. */
function coverageOf({ stdout }: ToolRun, own: readonly Source[]): RegoTests['coverage'] {
  const { files } = JSON.parse(stdout) as Report
  let [covered, missed] = [0, 0]
  const uncovered: Uncovered[] = []
  for (const { name, path, isTest } of own) {
    const report = files[name]
    if (isTest || report === undefined) continue
    covered += report.covered_lines ?? 0
    missed += report.not_covered_lines ?? 0
    for (const { start, end } of report.not_covered ?? [])
      uncovered.push({ file: path, from: start.row, to: end.row })
  }
  const percent = covered + missed === 0 ? 100 : (100 * covered) / (covered + missed)
  return { percent, uncovered }
}
