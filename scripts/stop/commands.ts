// The commands of `countersign stop`: one that names what is to stop, and two that list and lift.

import type { Stop, StopScope } from '../../service/contract/stop.ts'
import { noPositional } from '../command/no-positional.ts'
import { type Call, type Command, type Outcome, usage } from '../command/command.ts'
import { askService, serviceOptions, serviceUsage } from '../command/running-service.ts'

type Stops = { readonly tenant: string; readonly stops: readonly Stop[] }

const reasonUsage = '  --reason <text>        why; it stands in the log'
const options = { ...serviceOptions, reason: { type: 'string' } } as const

const tenant = stopping('tenant', 'stop everything of the tenant', '', () => ({ kind: 'tenant' }))
const server = stopping('server', 'stop an MCP server', '<server>', (name) => ({
  kind: 'server',
  server: name,
}))
const agent = stopping(
  'agent',
  'stop an agent, wherever it stands in a delegation chain',
  '<client-id>',
  (id) => ({ kind: 'agent', client_id: id }),
)
const initiator = stopping(
  'initiator',
  'stop a person or a workload, by issuer and subject',
  '<issuer> <subject>',
  (iss, sub) => ({ kind: 'initiator', iss, sub }),
)
const capability = stopping(
  'capability',
  'stop one capability of a server',
  '<server> <key>',
  (name, key) => ({ kind: 'capability', server: name, capability: key }),
)

const list: Command = {
  name: 'list',
  summary: 'what is stopped now',
  usage: `[options]\n\n${serviceUsage}\n\nExit code 1 when something is stopped.`,
  options: serviceOptions,
  run: async (call) => {
    noPositional(call)
    return listOf((await askService(call, 'GET', '/v1/stops')) as Stops)
  },
}

const lift: Command = {
  name: 'lift',
  summary: 'lift a stop by its id',
  usage: `<id> --reason <text> [options]\n\n${reasonUsage}\n${serviceUsage}`,
  options,
  run: async (call) => {
    const [id = ''] = exactly(call, ['<id>'])
    const body = { reason: reasonOf(call) }
    const path = `/v1/stops/${encodeURIComponent(id)}/lift`
    const answer = (await askService(call, 'POST', path, body)) as Stops
    return { ...listOf(answer), exit: 0 }
  },
}

/** @param scopeOf the scope that the arguments name, as many as `positionals` lists */
function stopping(
  name: string,
  summary: string,
  positionals: string,
  scopeOf: (first: string, second: string) => StopScope,
): Command {
  return {
    name,
    summary,
    usage: `${positionals} --reason <text> [options]\n\n${reasonUsage}\n${serviceUsage}`,
    options,
    run: async (call) => {
      const [first = '', second = ''] = exactly(call, positionals.split(' ').filter(Boolean))
      const body = { scope: scopeOf(first, second), reason: reasonOf(call) }
      const stop = (await askService(call, 'POST', '/v1/stops', body)) as Stop
      return { exit: 0, json: stop, text: `stopped: ${lineOf(stop)}` }
    },
  }
}

function exactly({ positionals }: Call, names: readonly string[]): readonly string[] {
  if (positionals.length === names.length && !positionals.includes('')) return positionals
  const wanted = names.length === 0 ? 'no argument' : names.join(' and ')
  throw usage(
    `Give ${wanted}; there ${positionals.length === 1 ? 'is' : 'are'} ${String(positionals.length)}.`,
  )
}

function reasonOf({ values }: Call): string {
  const { reason } = values
  if (typeof reason === 'string' && reason !== '') return reason
  throw usage('Say why with --reason <text>: it stands in the log.')
}

function listOf(answer: Stops): Outcome {
  const { stops, tenant: name } = answer
  const text = stops.length === 0 ? `nothing is stopped in ${name}` : stops.map(lineOf).join('\n')
  return { exit: stops.length === 0 ? 0 : 1, json: answer, text }
}

function lineOf({ id, scope, by, reason, at }: Stop): string {
  const { kind, ...named } = scope
  const what = [kind, ...Object.values(named)].join(' ')
  return `${id}  ${what}  since ${new Date(at * 1000).toISOString()} by ${by}: ${reason}`
}

export const stopCommands: readonly Command[] = [
  tenant,
  server,
  agent,
  initiator,
  capability,
  list,
  lift,
]
