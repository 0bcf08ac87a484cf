// Why a recorded decision could not be judged again, in words.

import type { Unjudged } from './judge-all.ts'

const words: Readonly<Record<Unjudged, string>> = {
  entry_missing: 'entries that are not in this log (they may be no decisions)',
  unreadable_leaf: 'leaves that cannot be read (they may be no decisions)',
  not_policy: 'that policy did not decide: evidence was broken, or the engine did not answer',
  input_not_disclosed: 'whose input is not disclosed here',
  input_erased: 'whose input was erased',
  input_ended: 'of whose input some was erased, or has ended by time',
  input_incomplete: 'whose input is not whole',
  input_altered: 'whose disclosed input is not the one that the leaf commits to',
  bundles_unknown: 'by a set of bundles whose activation is not in this log',
  bundles_missing: 'by a set of bundles that is not here (--bundles)',
  bundles_altered: 'by a set of bundles that is not what its name says',
  bundles_refused: 'by a set of bundles that can no longer be started',
  engine_fault: 'that the engine could not answer this time (time, memory): try again',
  shaped_otherwise: 'whose scope of data or list the other registry would shape otherwise',
}

/** A line for each cause. */
export function causeLines(
  causes: Readonly<Record<string, number>>,
  ended: Readonly<Record<string, number>>,
): readonly string[] {
  return Object.entries(causes).flatMap(([cause, count]) => [
    `  ${String(count)} ${words[cause as Unjudged]} (${cause})`,
    ...(cause === 'input_ended'
      ? Object.entries(ended).map(([name, of]) => `    ${String(of)} without ${name}`)
      : []),
  ])
}
