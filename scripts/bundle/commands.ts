// The commands of `countersign bundle`, in the order of their help: what a running service decides by.

import type { PolicyHistory, PolicyState } from '../../service/contract/policy-state.ts'
import { noPositional } from '../command/no-positional.ts'
import { type Call, type Command, type Outcome, usage } from '../command/command.ts'
import { askService, serviceOptions, serviceUsage } from '../command/running-service.ts'
import { describeHistory, describeState } from './describe.ts'

const status: Command = {
  name: 'status',
  summary: 'what decides now, where it comes from, and what was refused',
  usage: `[options]\n\n${serviceUsage}\n\nExit code 1 when nothing decides, or the policy is stale.`,
  options: serviceOptions,
  run: async (call) => {
    noPositional(call)
    return outcomeOf((await askService(call, 'GET', '/v1/policy')) as PolicyState)
  },
}

const history: Command = {
  name: 'history',
  summary: 'the sets of bundles that decided, newest last',
  usage: `[options]\n\n${serviceUsage}`,
  options: serviceOptions,
  run: async (call) => {
    noPositional(call)
    const answer = (await askService(call, 'GET', '/v1/policy/history')) as PolicyHistory
    return { exit: 0, json: answer, text: describeHistory(answer) }
  },
}

const pin = changing(
  'pin',
  'let the active set, or the one of this digest, decide until unpin',
  '[<digest>]',
)
const rollback = changing(
  'rollback',
  'go back to the set before, or to the one of this digest, and pin it',
  '[<digest>]',
)
const unpin = changing('unpin', 'let the newest set of the sources decide again', '')

/** What an operator decides, with a reason that the log keeps. */
function changing(name: string, summary: string, positional: string): Command {
  return {
    name,
    summary,
    usage: `${positional} --reason <text> [options]\n\n  --reason <text>        why; it stands in the log\n${serviceUsage}`,
    options: { ...serviceOptions, reason: { type: 'string' } },
    run: async (call) => {
      const body = { ...digestOf(call, positional !== ''), reason: reasonOf(call) }
      return outcomeOf((await askService(call, 'POST', `/v1/policy/${name}`, body)) as PolicyState)
    },
  }
}

function digestOf({ positionals }: Call, takesOne: boolean): { digest?: string } {
  const [digest, ...more] = positionals
  if (more.length > 0 || (digest !== undefined && !takesOne))
    throw usage('There are too many arguments: give one digest at most.')
  return digest === undefined
    ? {}
    : { digest: digest.startsWith('sha256:') ? digest : `sha256:${digest}` }
}

function reasonOf({ values }: Call): string {
  const { reason } = values
  if (typeof reason === 'string' && reason !== '') return reason
  throw usage('Say why with --reason <text>: it stands in the log.')
}

function outcomeOf(state: PolicyState): Outcome {
  const decides = state.active !== null && !state.stale
  return { exit: decides ? 0 : 1, json: state, text: describeState(state) }
}

export const bundleCommands: readonly Command[] = [status, history, pin, unpin, rollback]
