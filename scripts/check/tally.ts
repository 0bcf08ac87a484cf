// How many tests a runner says it ran, read from its closing lines (jest and `opa test`).

export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export const none: Tally = { passed: 0, failed: 0, skipped: 0 }

export function tallyOf(printed: string): Tally {
  const jest = /^Tests: +(.+)$/m.exec(printed)?.[1] ?? ''
  return {
    passed: count(jest, /(\d+) passed/) + count(printed, /^PASS: (\d+)\//m),
    // A test file that does not even load has no failed test of its own.
    failed:
      Math.max(count(jest, /(\d+) failed/), count(printed, /^Test Suites: (\d+) failed/m)) +
      count(printed, /^FAIL: (\d+)\//m),
    skipped:
      count(jest, /(\d+) skipped/) +
      count(jest, /(\d+) todo/) +
      count(printed, /^SKIPPED: (\d+)\//m),
  }
}

export function sumOf(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, next) => ({
      passed: sum.passed + next.passed,
      failed: sum.failed + next.failed,
      skipped: sum.skipped + next.skipped,
    }),
    none,
  )
}

export function lineOf(tally: Tally): string {
  const skipped = tally.skipped === 0 ? '' : `, ${tally.skipped} skipped`
  return `${tally.passed} passed, ${tally.failed} failed${skipped}`
}

function count(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)?.[1] ?? 0)
}
