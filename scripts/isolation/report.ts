// What `npm run isolation` prints.

import type { Held } from './held.ts'
import { attackNames } from './hostile.ts'
import type { Endings } from './hostile-load.ts'
import { quantile } from './ordinary-load.ts'

/** Of what others wait; and of what may be held more at the end, since an instance may be dropped and not yet freed. */
const mostRatio = 2
const mostMegabytes = 300
const mostCount = 4

export function endingsTable(endings: Endings): string {
  const rows = attackNames.map((name) => {
    const times = endings[name].map(({ milliseconds }) => milliseconds)
    const counts = Map.groupBy(endings[name], ({ said }) => said)
    const said = [...counts].map(([what, all]) => `${what} ${all.length}`).join(', ')
    const [half, most] = [quantile(times, 0.5), quantile(times, 0.99)]
    return `  ${name.padEnd(36)}p50 ${half.toFixed(0)} ms, p99 ${most.toFixed(0)} ms: ${said}`
  })
  return ['how they ended', ...rows].join('\n')
}

export function heldLine(when: string, held: Held): string {
  const { residentMegabytes, threads, openFiles } = held
  return `${when}: ${residentMegabytes} MiB resident, ${threads} threads, ${openFiles} open files`
}

type Outcome = {
  readonly stage: string
  readonly queries: number
  readonly waited: { readonly without: readonly number[]; readonly with: readonly number[] }
  /** What came to others instead of an answer. */
  readonly faults: readonly string[]
  /** After the warm-up, and after each round. */
  readonly holdings: readonly Held[]
}

export type Closing = { readonly line: string; readonly isGood: boolean }

export function closingLine(outcome: Outcome): Closing {
  const { stage, queries, waited, faults } = outcome
  const grown = grownBy(outcome.holdings)
  const isFlat =
    grown('residentMegabytes') <= mostMegabytes &&
    [grown('threads'), grown('openFiles')].every((more) => more <= mostCount)
  const ratioAt = (part: number): number =>
    quantile(waited.with, part) / quantile(waited.without, part)
  const p99 = (values: readonly number[]): string => quantile(values, 0.99).toFixed(2)
  const line =
    `${stage}: ${queries} hostile queries; others wait (p99) ${p99(waited.with)} ms with them and ` +
    `${p99(waited.without)} ms without, ratio ${ratioAt(0.99).toFixed(2)} (p50 ${ratioAt(0.5).toFixed(2)}); ` +
    `${faults.length} of ${waited.with.length} a fault${[...new Set(faults)].map((fault) => `, ${fault}`).join('')}; ` +
    `in the second half resident ${signed(grown('residentMegabytes'))} MiB, threads ${signed(grown('threads'))}, ` +
    `open files ${signed(grown('openFiles'))}: ${isFlat ? 'nothing leaks' : 'SOMETHING LEAKS'}`
  const isPrompt = stage !== 'service' || ratioAt(0.99) <= mostRatio
  return { line, isGood: isFlat && isPrompt && faults.length === 0 }
}

/**
 * More at the end than in the middle: what a process opens once, at its first of a kind, is open by then, and what leaks by the
 * query leaks as much in either half.
 */
function grownBy(holdings: readonly Held[]): (name: keyof Held) => number {
  const middle = holdings[Math.floor(holdings.length / 2)]
  const last = holdings.at(-1)
  if (middle === undefined || last === undefined) throw new Error('nothing was measured')
  return (name) => last[name] - middle[name]
}

function signed(value: number): string {
  return value > 0 ? `+${value}` : String(value)
}
