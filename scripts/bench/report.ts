// Medians over the rounds, as a table, and the ratios that the aims are written in.

import type { Tokens } from './question.ts'
import type { Measurement } from './measure.ts'

/** What was measured of each contestant in each round. */
export type Rounds = Readonly<Record<'opa' | 'countersign', readonly Measurement[]>>

const columns = ['decisions/s', 'p50 ms', 'p99 ms', 'CPU us', 'RSS MB'] as const

export function tableOf(tokens: Tokens, rounds: Rounds): string {
  const title = tokens === 'reused' ? 'tokens reused' : 'all tokens distinct'
  const opa = medianOf(rounds.opa)
  const own = medianOf(rounds.countersign)
  const quotients = own.map((value, i) => value / (opa[i] ?? NaN))
  return [
    row(title, [...columns]),
    row('OPA', opa.map(figure)),
    row('Countersign', own.map(figure)),
    row(
      'ratio',
      quotients.map((quotient) => quotient.toFixed(2)),
    ),
    row(
      'each round, decisions/s: OPA',
      rounds.opa.map((round) => figure(round.perSecond)),
    ),
    row(
      'Countersign',
      rounds.countersign.map((round) => figure(round.perSecond)),
    ),
    '',
  ].join('\n')
}

/** `ratio <decisions/s> <p99>`, ours to OPA's. */
export function ratioLine(rounds: Rounds): string {
  const [ownRate = NaN, , ownTail = NaN] = medianOf(rounds.countersign)
  const [opaRate = NaN, , opaTail = NaN] = medianOf(rounds.opa)
  return `ratio ${(ownRate / opaRate).toFixed(2)} ${(ownTail / opaTail).toFixed(2)}`
}

function medianOf(measurements: readonly Measurement[]): readonly number[] {
  return (['perSecond', 'p50', 'p99', 'cpuMicroseconds', 'residentMegabytes'] as const).map(
    (name) => median(measurements.map((measurement) => measurement[name])),
  )
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2
}

export function row(name: string, cells: readonly string[]): string {
  return name.padEnd(30) + cells.map((cell) => cell.padStart(13)).join('')
}

export function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1)
}
