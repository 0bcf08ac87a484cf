// `countersign access review`: what has an owner and a date, and how soon the date is.

import type { Command, Outcome } from '../command/command.ts'
import { optionalCount } from '../policy/arguments.ts'
import { remoteOptions, remoteUsage } from '../policy/locate-bundles.ts'
import { setOptions, setUsage } from '../policy/policy-set.ts'
import { projectOptions, projectUsage } from '../policy/project.ts'
import { type Due, dueOf } from './due.ts'
import { dueText } from './due-text.ts'
import { atOptions, atUsage, instantAsked } from './given-instant.ts'
import { gatewayOptions, givenGateways } from './given-gateways.ts'
import { givenRegistry } from './given-registry.ts'
import { noPositional } from '../command/no-positional.ts'

const daySeconds = 86_400

export const review: Command = {
  name: 'review',
  summary: 'what is due for review, by owner and date, and what is denied for being overdue',
  usage: `[options]

  --within <days>        what counts as soon (default 30)
${atUsage}
  --config <file>        of the service: its gateways have owners and dates too
  --tenant <id>          whose gateways, when the file has several tenants
${setUsage}
${projectUsage}
${remoteUsage}

Exit code 0: nothing is past its review date. 1: something is. 2: an argument or a file cannot be used.
3: a server or a disk failed.`,
  options: {
    ...{ ...setOptions, ...projectOptions, ...remoteOptions, ...atOptions, ...gatewayOptions },
    within: { type: 'string' },
  },
  run: async (call) => {
    noPositional(call)
    const now = instantAsked(call)
    const days = optionalCount(call, 'within') ?? 30
    const peps = givenGateways(call)
    return outcomeOf(dueOf(await givenRegistry(call), peps ?? [], now, days * daySeconds), {
      now,
      days,
      knowsGateways: peps !== null,
    })
  },
}

function outcomeOf(
  due: Due,
  asked: { readonly now: number; readonly days: number; readonly knowsGateways: boolean },
): Outcome {
  const isLate = due.reviews.some(({ state }) => state === 'due' || state === 'overdue')
  const { now, days, knowsGateways } = asked
  return {
    exit: isLate ? 1 : 0,
    json: { at: now, within_days: days, gateways_known: knowsGateways, ...due },
    text: dueText(due, asked),
  }
}
