// countersign log holds: what people were asked, how long it waited and how it was answered, from the leaves alone.

import { type Command } from '../../command/command.ts'
import { onlyPositional, texts } from '../../policy/arguments.ts'
import { gather } from '../replay/gather.ts'
import { archiveOptions, archiveUsage, logUsage, openSource } from '../read/open-source.ts'
import { periodIn, periodOptions, periodUsage } from '../replay/replay.ts'
import { holdsText } from './holds-text.ts'
import { HoldsTally } from './holds-tally.ts'

export const holds: Command = {
  name: 'holds',
  summary: 'how often people were asked, how long it waited, and how they answered',
  usage: `<log> [options]

${logUsage},
                         or the data directory of a tenant (<data>/tenants/<id>), of which its segments alone are read
${archiveUsage}
${periodUsage}

Holds per 1,000 decisions; of each group that was asked: requests, the same questions that joined them, what became of
them, and seconds to the first answer; of each approver (by pseudonym): votes, how many approve, the most in an hour, and
seconds to the answer. Who approves everything within seconds has stopped reading: ask less, or of more people. Nothing is
verified here: see "countersign log verify".

Exit code 0: told of all that was asked. 1: there is no decision in that time, or an entry is missing or cannot be read.
2: an argument or a file cannot be used. 3: a disk failed.`,
  options: { ...periodOptions, ...archiveOptions },
  run: async (call) => {
    const path = onlyPositional(call, 'a log')
    const period = periodIn(call)
    const tally = new HoldsTally()
    const source = await openSource(path, texts(call, 'archive'))
    try {
      const { missing, unreadable, lines } = gather(source, period, (leaf) => {
        tally.take(leaf)
      })
      const report = tally.report()
      return {
        exit: missing + unreadable === 0 && report.decisions > 0 ? 0 : 1,
        json: { verified: false, ...report, missing, unreadable },
        text: holdsText(report, lines),
      }
    } finally {
      source.close()
    }
  },
}
