// countersign log replay: every recorded decision that policy made is made again, by the bundles of its day, and must come
// out as it was recorded.

import { type Call, type Command, type Outcome, usage } from '../../command/command.ts'
import { kindOf } from '../../command/read-file.ts'
import { givenInstant } from '../../access/given-instant.ts'
import { onlyPositional, optionalText } from '../../policy/arguments.ts'
import { printable } from '../printable.ts'
import { causeLines } from './cause-text.ts'
import { judgeAll, type Question } from './judge-all.ts'
import { type Period, type Recorded, recordedDecisions } from './recorded-decisions.ts'
import { RecordedSets } from './recorded-sets.ts'
import { openRecorded, recordedOptions, recordedUsage } from './recorded-source.ts'
import { type Replayed, ReplayTally } from './replay-tally.ts'

export const periodOptions = { from: { type: 'string' }, to: { type: 'string' } } as const

export const periodUsage = `  --from <date>          decisions from then on; a day (midnight UTC) or RFC 3339
  --to <date>            and before then`

export const replay: Command = {
  name: 'replay',
  summary:
    'decide again what was decided, by the bundles of that day: it must come out as recorded',
  usage: `<log> [options]

${recordedUsage}
  --bundles <directory>  where the bundles lie that decisions name, each as <sha256>.tar.gz (default: those of the tenant)
${periodUsage}
  --complete             exit code 1 also when anything could not be replayed

A decision is judged again from the policy input that its leaf commits to, by the set of bundles whose digest it names,
in the engine that decides: effect, reasons with their parameters, obligations, hold, rules and validity must be what was
recorded. What cannot be replayed is counted by its cause, never guessed. Nothing is verified here: see "countersign log verify".

Exit code 0: whatever could be replayed came out as recorded. 1: something did not, or nothing could be replayed. 2: an
argument or a file cannot be used. 3: a disk failed.`,
  options: {
    ...recordedOptions,
    ...periodOptions,
    bundles: { type: 'string' },
    complete: { type: 'boolean' },
  },
  run: async (call) => {
    const path = onlyPositional(call, 'a log')
    const period = periodIn(call)
    const given = bundlesIn(call)
    const source = await openRecorded(call, path)
    const sets = new RecordedSets(given ?? source.bundles)
    const tally = new ReplayTally()
    try {
      const { judged, unjudged } = tally
      await judgeAll(
        recordedDecisions(source, period, (leaf) => {
          sets.learn(leaf)
        }),
        { ask: (recorded) => asked(recorded, sets), judged, unjudged },
      )
    } finally {
      await sets.close()
      source.close()
    }
    return outcomeOf(tally.replayed(), path, call.values['complete'] === true)
  },
}

/** @throws PdpError `usage`. */
export function periodIn(call: Call): Period {
  const [from, to] = [givenInstant(call, 'from'), givenInstant(call, 'to')]
  if (from === null || to === null || from < to) return { from, to }
  throw usage('--to: name a time after that of --from.')
}

function bundlesIn(call: Call): string | undefined {
  const folder = optionalText(call, 'bundles')
  if (folder === undefined || kindOf(folder) === 'directory') return folder
  throw usage(`--bundles ${folder}: there is no such directory; name one with <sha256>.tar.gz.`)
}

async function asked(
  { leaf, input, text }: Recorded,
  sets: RecordedSets,
): ReturnType<Parameters<typeof judgeAll>[1]['ask']> {
  const { policy } = leaf.authority
  if (policy === null) return { cause: 'bundles_unknown' }
  const engine = await sets.engine(policy.digest)
  return 'cause' in engine ? engine : ({ engine, input, text } satisfies Question)
}

function outcomeOf(replayed: Replayed, log: string, mustBeComplete: boolean): Outcome {
  const { equal, differ, not_replayed: causes } = replayed
  const { not_policy: notPolicy = 0, ...others } = causes
  const isComplete = Object.keys(others).length === 0
  const isGood = differ === 0 && (equal > 0 || (isComplete && notPolicy > 0))
  return {
    exit: isGood && (isComplete || !mustBeComplete) ? 0 : 1,
    json: { log, ...replayed },
    text: textOf(replayed)
      .map((line) => printable(line))
      .join('\n'),
  }
}

function textOf(replayed: Replayed): readonly string[] {
  const { equal, differ, not_replayed: causes, ended_classes: ended, differing } = replayed
  const rest = differ - differing.length
  return [
    `${String(equal + differ)} decisions of policy judged again: ${String(equal)} as recorded, ${String(differ)} otherwise`,
    ...(Object.keys(causes).length === 0
      ? []
      : ['Not judged again:', ...causeLines(causes, ended)]),
    ...differing.flatMap(({ index, decision_id: id, at, policy, differences }) => [
      `leaf ${String(index)}  ${at}  ${id} by ${policy ?? 'no policy'}`,
      ...differences.map(
        ({ member, recorded, again }) =>
          `  ${member}: recorded ${JSON.stringify(recorded)}, now ${JSON.stringify(again)}`,
      ),
    ]),
    ...(rest > 0 ? [`and ${String(rest)} more that differ`] : []),
  ]
}
