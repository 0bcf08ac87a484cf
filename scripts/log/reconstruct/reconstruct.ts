// countersign log reconstruct: the timeline of a workflow, a person who asked or approved, a server, a purpose, a grant or a tenant, from the
// leaves alone.

import type { Command, Outcome } from '../../command/command.ts'
import { onlyPositional, optionalText, texts } from '../../policy/arguments.ts'
import { archiveOptions, archiveUsage, logUsage, openSource } from '../read/open-source.ts'
import type { LogSource } from '../read/log-source.ts'
import { type Asked, askedIn, askedOptions, askedUsage, checkPerson } from './asked.ts'
import { personOf } from './person-of.ts'
import { Reconstruction } from './reconstruction.ts'
import type { Timeline } from './steps.ts'
import { timelineText } from './timeline-text.ts'

export const reconstruct: Command = {
  name: 'reconstruct',
  summary: 'tell what happened, from the leaves alone',
  usage: `<log> [options]

${logUsage},
                         or the data directory of a tenant (<data>/tenants/<id>), of which its segments alone are read
${archiveUsage}

${askedUsage}
  --approver <person>    what that person was asked for, and consented to or refused

Several options narrow. Nothing is verified here: see "countersign log verify". Exit code 1 when nothing was found, or something is missing: an entry,
a leaf of a workflow, the answer to a hold, the outcome of a permit.`,
  options: { ...askedOptions, ...archiveOptions, approver: { type: 'string' } },
  run: async (call) => {
    const approver = optionalText(call, 'approver')
    checkPerson('approver', approver)
    const asked = askedIn(call, approver)
    const source = await openSource(onlyPositional(call, 'a log'), texts(call, 'archive'))
    try {
      return outcomeOf(asked, timelineOf(asked, approver, source))
    } finally {
      source.close()
    }
  },
}

function timelineOf(asked: Asked, approver: string | undefined, source: LogSource): Timeline {
  const reconstruction = new Reconstruction(asked, {
    initiator: personOf(asked.initiator, source),
    approver: personOf(approver, source),
  })
  for (const entry of source.entries()) {
    if ('from' in entry) reconstruction.skip(entry)
    else reconstruction.take(entry)
  }
  return reconstruction.timeline()
}

function outcomeOf(asked: Asked, timeline: Timeline): Outcome {
  const { steps, missing } = timeline
  const found = steps.length === 0 ? ['Nothing of the log meets what was asked.'] : []
  return {
    exit: steps.length === 0 || missing.length > 0 ? 1 : 0,
    json: { asked, verified: false, ...timeline },
    text: [...found, ...timelineText(timeline)].join('\n').trimStart(),
  }
}
