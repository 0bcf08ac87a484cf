// countersign log evidence: for each control of a framework, what is configured and how often it acted, from the catalogue
// of codes and the leaves alone.

import { type Command, type Outcome } from '../../command/command.ts'
import { onlyPositional, text, texts } from '../../policy/arguments.ts'
import { gather, type Gaps } from '../replay/gather.ts'
import { archiveOptions, archiveUsage, logUsage, openSource } from '../read/open-source.ts'
import { periodIn, periodOptions, periodUsage } from '../replay/replay.ts'
import { evidenceText } from './evidence-text.ts'
import { controlsNamed, type Framework, frameworkNamed, frameworkNames } from './frameworks.ts'
import { catalogueUsage, readCatalogue } from './read-catalogue.ts'
import { type Evidence, EvidenceTally } from './tally.ts'

export const evidence: Command = {
  name: 'evidence',
  summary: 'for each control of a framework: what is configured, and how often it acted',
  usage: `<log> --framework <name> [options]

${logUsage},
                         or the data directory of a tenant (<data>/tenants/<id>), of which its segments alone are read
${archiveUsage}
  --framework <name>     ${frameworkNames.join(', ')}
  --control <id>         one of its controls (repeat it for several); labels that other documents use are taken too:
                         A1 for ASI01, GOV-2 for L6 of MAESTRO
${catalogueUsage}
${periodUsage}

A code counts by what became of the decision it stands in: denied, held, waived (an exception took its effect), observed
(answered with a permit all the same), permitted (what a permit rests on), obliged; refused counts bundles. A leaf does
not name what was waived: where several codes stand and nothing is disclosed, that is said. That a control acted, or
never had to, is evidence of this program alone; it is no statement of conformity. Nothing is verified here: see
"countersign log verify".

Exit code 0: told of all that was asked. 1: there is no decision in that time, an entry is missing or cannot be read, or
the log has a code that the catalogue does not have. 2: an argument or a file cannot be used. 3: a disk failed.`,
  options: {
    ...{ ...periodOptions, ...archiveOptions },
    ...{ framework: { type: 'string' }, catalogue: { type: 'string' } },
    control: { type: 'string', multiple: true },
  },
  run: async (call) => {
    const path = onlyPositional(call, 'a log')
    const framework = frameworkNamed(text(call, 'framework', `one of ${frameworkNames.join(', ')}`))
    const controls = controlsNamed(framework, texts(call, 'control'))
    const period = periodIn(call)
    const tally = new EvidenceTally(framework, readCatalogue(call))
    const source = await openSource(path, texts(call, 'archive'))
    try {
      const gaps = gather(source, period, (leaf, disclosure) => {
        tally.take(leaf, disclosure)
      })
      return outcomeOf(framework, tally.evidence(controls), gaps)
    } finally {
      source.close()
    }
  },
}

function outcomeOf(framework: Framework, found: Evidence, gaps: Gaps): Outcome {
  const { lines, ...counts } = gaps
  const isWhole = counts.missing + counts.unreadable + found.not_in_catalogue.length === 0
  return {
    exit: isWhole && found.decisions > 0 ? 0 : 1,
    json: {
      framework: framework.name,
      title: framework.title,
      verified: false,
      ...found,
      ...counts,
    },
    text: evidenceText(framework, found, lines),
  }
}
