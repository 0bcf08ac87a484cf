// The query of a step: what the gateway would send, with fresh proofs of everybody in it.

import { development } from '../../service/adapter/development/development-tenant.ts'
import {
  mintAccessToken,
  mintJwtSvid,
  mintPurposeGrant,
  type GrantTerms,
  type Person as Bearer,
} from '../../service/adapter/development/mint.ts'
import type { Query } from '../../service/contract/query.ts'
import type { Purpose, Server } from '../../service/contract/registry.ts'
import { usage } from '../command/command.ts'
import type { AskStep, Person, Scenario } from './scenario-file.ts'
import { audienceOf, type Stage } from './stage.ts'

const agent = 'https://agent.dev.countersign.test/client.json'

/** Which method asks for what; an asked input has one of its own, in a request and in its answer. */
const methods: Readonly<Record<string, string>> = {
  tool: 'tools/call',
  resource: 'resources/read',
  prompt: 'prompts/get',
  list: 'tools/list',
  discover: 'server/discover',
  sampling: 'sampling/createMessage',
  elicitation: 'elicitation/create',
  roots: 'roots/list',
}

export type Asking = {
  readonly stage: Stage
  readonly scenario: Scenario
  /** Appended to every person's name, so that no scenario meets another's past. */
  readonly suffix: string
  readonly workflow: Query['workflow']
}

export async function queryOf(step: AskStep, asking: Asking): Promise<Query> {
  const { stage, scenario } = asking
  const [id, key] = split(step.ask)
  const server = stage.registry.registry.servers[id]
  if (server === undefined) throw usage(`${scenario.file}: the registry has no server "${id}".`)
  const audience = audienceOf(step.tenant ?? development.tenant)
  const { person, sub } = bearerOf(step.as ?? 'alice', asking)
  const svid = await mintJwtSvid(stage.keys, workloadOf(id, server), audience)
  const terms = termsOf(step, scenario, stage)
  return {
    phase: step.phase ?? 'request',
    initiator: { access_token: await mintAccessToken(stage.keys, person, server.resource) },
    server: { id, proof: { jwt_svid: svid } },
    capability: capabilityOf(step, key, stage),
    purpose: {
      grant: await stage.once(JSON.stringify([sub, terms, audience]), () =>
        mintPurposeGrant(stage.keys, sub, terms, audience),
      ),
    },
    protocol: { version: '2026-07-28', method: methods[kindOf(key)] ?? kindOf(key) },
    ...(asking.workflow === undefined ? {} : { workflow: asking.workflow }),
    ...contentOf(step),
  }
}

/** A person of the scenario, or a server of the registry that asks as itself: `server/<id>`. */
export function bearerOf(
  name: string,
  { stage, scenario, suffix }: Pick<Asking, 'stage' | 'scenario' | 'suffix'>,
): { readonly person: Bearer; readonly sub: string } {
  if (name.startsWith('server/')) {
    const id = name.slice('server/'.length)
    const server = stage.registry.registry.servers[id]
    if (server === undefined) throw usage(`${scenario.file}: the registry has no server "${id}".`)
    const sub = workloadOf(id, server)
    return { person: { sub, groups: ['servers'], client: sub }, sub }
  }
  const known: Person = scenario.people?.[name] ?? {}
  const sub = `${name}${suffix}`
  return { person: { sub, groups: known.groups ?? ['staff'], client: known.agent ?? agent }, sub }
}

function workloadOf(id: string, { workload }: Server): string {
  if ('spiffe_id' in workload) return workload.spiffe_id
  throw usage(
    `The server "${id}" of a scenario is registered by its SPIFFE ID (workload.spiffe_id).`,
  )
}

function split(ask: string): readonly [server: string, key: string] {
  const at = ask.indexOf('/')
  return [ask.slice(0, at), ask.slice(at + 1)]
}

function kindOf(key: string): string {
  return key.split(':')[0] ?? ''
}

function capabilityOf(step: AskStep, key: string, stage: Stage): Query['capability'] {
  const kind = kindOf(key) as Query['capability']['kind']
  const name = key.slice(kind.length + 1)
  const reviewed = stage.registry.definitions.get(step.ask)
  const served = reviewed === undefined ? {} : { definition: { ...reviewed, ...step.served } }
  const answered = step.phase === 'input_response' ? { definition: step.asked ?? {} } : null
  return {
    kind,
    ...(name === '' ? {} : kind === 'resource' ? { uri: name } : { name }),
    ...(step.with === undefined ? {} : { arguments: step.with }),
    ...(answered ?? (step.phase === undefined || step.phase === 'request' ? served : {})),
  }
}

function contentOf({ sampling, elicitation, result }: AskStep): Partial<Query> {
  return {
    ...(sampling === undefined ? {} : { sampling }),
    ...(elicitation === undefined ? {} : { elicitation }),
    ...(result === undefined ? {} : { result }),
  }
}

/** A purpose that the registry does not know. */
const nothing: Purpose = {
  ...{ title: '', owner: '', review_by: 0, classifications: [], residency: [], directions: [] },
}

/** What is not narrowed is as wide as the registry lets the purpose be. */
function termsOf(step: AskStep, scenario: Scenario, { registry }: Stage): GrantTerms {
  const code = step.purpose ?? scenario.purpose
  const { servers, purposes } = registry.registry
  const widest = purposes[code] ?? nothing
  const { grant = {} } = step
  return {
    purpose: { code },
    capabilities: grant.capabilities ?? Object.keys(servers).map((id) => `${id}/*`),
    data: {
      classifications: grant.classifications ?? widest.classifications,
      resources: grant.resources ?? [],
      residency: widest.residency,
      directions: grant.directions ?? widest.directions,
    },
    ...(widest.sampling === undefined ? {} : { sampling: widest.sampling }),
    clarification: true,
  }
}
