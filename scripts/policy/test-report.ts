// What a run of tests says: to people each failure with its difference, then sums; to programs the same as JSON.

import type { Outcome } from '../command/command.ts'
import type { Project } from './project.ts'
import type { RegoTest, RegoTests } from './rego-tests.ts'
import { lineOf, shortest, sorted } from './remark.ts'
import type { TestRun } from './test-run.ts'

/** How many of the slowest rules are named. */
const slowest = 5

/** @param isColored differences are told in red and green too */
export function reportOf(run: TestRun, project: Project, isColored: boolean): Outcome {
  const { rego, golden, faults } = run
  const failedRego = rego.tests.filter(({ outcome }) => outcome === 'failed')
  const failedGolden = golden.filter(({ passed }) => !passed)
  const told = isColored ? painted : (one: string): string => one
  const slow = slowestRules(rego.tests)
  const isUncovered = (rego.coverage?.percent ?? 100) < project.coverage
  const isGood =
    faults.length === 0 && failedRego.length === 0 && failedGolden.length === 0 && !isUncovered
  return {
    exit: isGood ? 0 : 1,
    json: {
      passed: isGood,
      faults: sorted(faults),
      rego: rego.tests,
      golden,
      coverage: rego.coverage,
      slowest_rules: slow,
    },
    text: [
      ...sorted(faults).map(lineOf),
      ...failedRego.flatMap((one) => failureOfRego(one, told)),
      ...failedGolden.flatMap(({ name, file, line, difference }) => [
        `FAIL ${shortest(file)}:${String(line)} ${name}`,
        ...difference.map((one) => `     ${told(one)}`),
      ]),
      ...coverageLines(rego.coverage, project.coverage),
      ...sums(run, failedRego.length, failedGolden.length),
      ...(slow.length === 0 ? [] : [`slowest  ${slow.map(slowLine).join(', ')}`]),
    ].join('\n'),
  }
}

function failureOfRego(
  { name, package: from, file, line, said, failed }: RegoTest,
  told: (difference: string) => string,
): readonly string[] {
  return [
    `FAIL ${shortest(file)}:${String(line)} ${from}.${name}`,
    ...(failed === null ? [] : [`     at line ${String(failed.line)}`]),
    ...(failed?.difference ?? []).map((one) => `     ${told(one)}`),
    ...(said === '' ? [] : said.split('\n').map((one) => `     ${one}`)),
  ]
}

const [red, green, plain] = ['\u001b[31m', '\u001b[32m', '\u001b[39m']

function painted(difference: string): string {
  return difference
    .split('  ')
    .map((one) =>
      /^[-+] /u.test(one) ? `${one.startsWith('-') ? red : green}${one}${plain}` : one,
    )
    .join('  ')
}

function sums({ rego, golden, faults }: TestRun, regoFailed: number, goldenFailed: number) {
  if (faults.length > 0) return [`${String(faults.length)} faults: nothing was judged`]
  const of = (all: number, failed: number): string =>
    `${String(all - failed)} passed, ${String(failed)} failed`
  return [
    `rego     ${of(rego.tests.length, regoFailed)}`,
    `golden   ${of(golden.length, goldenFailed)}`,
  ]
}

function coverageLines(coverage: RegoTests['coverage'], wanted: number): readonly string[] {
  if (coverage === null) return []
  const { percent, uncovered } = coverage
  const lines = uncovered.map(
    ({ file, from, to }) =>
      `not reached  ${shortest(file)}:${String(from)}${from === to ? '' : `-${String(to)}`}`,
  )
  const sum = `coverage ${percent.toFixed(1)} %`
  return percent < wanted ? [...lines, `${sum}, wanted ${String(wanted)} %`] : [sum]
}

interface SlowRule {
  readonly package: string
  readonly microseconds: number
  readonly tests: number
}

/** By the time of their tests: what a rule costs in a decision, `profile` says. */
function slowestRules(tests: readonly RegoTest[]): readonly SlowRule[] {
  const byPackage = Map.groupBy(tests, (test) => test.package)
  return [...byPackage]
    .map(([name, all]) => ({
      package: name.replace(/_test$/u, ''),
      microseconds: all.reduce((sum, { microseconds }) => sum + microseconds, 0),
      tests: all.length,
    }))
    .sort((a, b) => b.microseconds - a.microseconds)
    .slice(0, slowest)
}

function slowLine({ package: name, microseconds, tests }: SlowRule): string {
  const short = name.replace(/^countersign\.(rule\.)?/u, '')
  return `${short} ${(microseconds / 1000).toFixed(1)} ms in ${String(tests)}`
}
