// `countersign access unused`: what is registered, granted or configured and was not used, as the log knows.

import { type Call, type Command, type Outcome, usage } from '../command/command.ts'
import { serviceOptions, serviceUsage } from '../command/running-service.ts'
import type { ListedDecision } from '../../service/contract/decision-list.ts'
import { optionalText, text } from '../policy/arguments.ts'
import { remoteOptions, remoteUsage } from '../policy/locate-bundles.ts'
import { setOptions, setUsage } from '../policy/policy-set.ts'
import { projectOptions, projectUsage } from '../policy/project.ts'
import { gatewayOptions, givenGateways } from './given-gateways.ts'
import { givenGrants, grantOptions } from './given-grants.ts'
import { givenInstant } from './given-instant.ts'
import { givenRegistry } from './given-registry.ts'
import { listedSince } from './listed-decisions.ts'
import { loggedSince, type ReadLog } from './logged-decisions.ts'
import { noPositional } from '../command/no-positional.ts'
import { type UnusedEntry, unusedEntries } from './unused-entries.ts'
import { UsageTally } from './usage-tally.ts'

const daySeconds = 86_400

export const unused: Command = {
  name: 'unused',
  summary: 'what is registered, granted, excepted or configured and was not used since',
  usage: `--since <when> [options]

  --since <when>         so many days ago (90), a day (2026-10-31) or an instant (RFC 3339)
  --config <file>        of the service: its gateways are looked for, too
  --tenant <id>          whose gateways, when the file has several tenants
  --grant <file>         look for this purpose grant (its token, or its claims as JSON), too; repeat it for several
  --log <log>            instead of a running service: what "countersign log export" wrote, as a directory or a tarball,
                         or the data directory of a tenant
${serviceUsage}
${setUsage}
${projectUsage}
${remoteUsage}

Looks for servers, capabilities, purposes, agents, exceptions and entries of observe, gateways and grants. Reads what the
running service decided (GET /v1/decisions, scope pdp.audit.read), or the log that is named, which it does not verify. A
permit or a hold is a use, a denial is none; a gateway is in use when it asks. Agents and exceptions are known only where
what was disclosed is there (log export --disclose --tenant <id>).

Exit code 0: all of it was used. 1: something was not. 2: an argument or a file cannot be used.
3: the service, a server or a disk failed.`,
  options: {
    ...{ ...setOptions, ...projectOptions, ...remoteOptions, ...serviceOptions },
    ...{ ...gatewayOptions, ...grantOptions },
    since: { type: 'string' },
    log: { type: 'string' },
  },
  run: async (call) => {
    noPositional(call)
    const since = sinceAsked(call, Math.floor(Date.now() / 1000))
    const peps = givenGateways(call)
    const grants = givenGrants(call)
    const registry = await givenRegistry(call)
    const tally = new UsageTally()
    const take = (decision: ListedDecision): void => {
      tally.take(decision)
    }
    const log = logOf(call)
    const read =
      log === undefined
        ? { ...(await listedSince(call, since, take)), absent: 0 }
        : await loggedSince(log, since, take)
    const entries = unusedEntries(registry, peps ?? [], grants, tally)
    return outcomeOf(entries, tally, { ...read, since, knowsGateways: peps !== null })
  },
}

/** @throws PdpError `usage` when a service is named, too. */
function logOf(call: Call): string | undefined {
  const log = optionalText(call, 'log')
  const service = Object.keys(serviceOptions).find((name) => call.values[name] !== undefined)
  if (log === undefined || service === undefined) return log
  throw usage(`--log and --${service}: read a log or ask a service, not both.`)
}

/** Seconds since the epoch. @throws PdpError `usage`. */
function sinceAsked(call: Call, now: number): number {
  const given = text(call, 'since', 'how many days ago, a day or an instant')
  if (!/^\d{1,6}$/u.test(given)) return past(givenInstant(call, 'since') ?? 0, given, now)
  return past(now - Number(given) * daySeconds, given, now)
}

function past(since: number, given: string, now: number): number {
  if (since < now && since >= 0) return since
  throw usage(`--since ${given} must lie between 1970 and now: name a number of days, or a day.`)
}

function outcomeOf(
  entries: readonly UnusedEntry[],
  { decisions, undisclosed }: UsageTally,
  asked: ReadLog & { readonly since: number; readonly knowsGateways: boolean },
): Outcome {
  const { since, tenant, absent, knowsGateways } = asked
  const when = new Date(since * 1000).toISOString().replace('.000Z', 'Z')
  return {
    exit: entries.length === 0 ? 0 : 1,
    json: {
      ...{ since, tenant, decisions, undisclosed, absent, gateways_known: knowsGateways },
      unused: entries,
    },
    text: [
      entries.length === 0 ? `All of it was used since ${when}.` : `Not used since ${when}:`,
      ...entries.map(lineOf),
      `Read ${String(decisions)} decisions${tenant === null ? '' : ` of the tenant ${tenant}`}.`,
      ...(undisclosed === 0
        ? []
        : [
            `Of ${String(undisclosed)} of them agents and exceptions are not known: erased, or not part of what was read.`,
          ]),
      ...(absent === 0
        ? []
        : [`${String(absent)} entries of the log are not there: what they used is not known.`]),
      ...(knowsGateways
        ? []
        : [
            'Gateways are not in the registry: name the configuration of the service with --config.',
          ]),
    ].join('\n'),
  }
}

const words: Partial<Record<UnusedEntry['entry'], string>> = {
  pep: 'gateway',
  observation: 'entry of observe',
}

function lineOf({ entry, name, owner, denied }: UnusedEntry): string {
  const tried = denied === 0 ? '' : `: asked for ${String(denied)} times, and always denied`
  const whose = entry === 'grant' ? 'issued by' : 'owner'
  return `  ${words[entry] ?? entry} ${name} (${whose} ${owner})${tried}`
}
