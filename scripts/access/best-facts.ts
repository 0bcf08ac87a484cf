// What live proofs would bring, at best: fresh, bound to the very question, and as wide as the registry lets them be.

import type { AttestedPurpose } from '../../service/contract/attested-purpose.ts'
import type { VerifiedInitiator, VerifiedServer } from '../../service/contract/policy-input.ts'
import type { Registry, Server } from '../../service/contract/registry.ts'
import type { Facts } from '../../service/decision/facts.ts'
import { noInitiator, noServer } from '../../service/decision/facts.ts'
import { observationsFor } from '../../service/decision/observe.ts'
import { indexOf } from '../../service/decision/registry-index.ts'
import type { PolicyEngine } from '../../service/port/policy-engine.ts'
import type { Asked } from './best-query.ts'
import { grantFacts } from './given-grants.ts'
import type { Party } from './party.ts'
import { nothingSpent } from '../../service/workflow/workflow-state.ts'
import type { GrantClaims } from '../../service/purpose/grant.ts'

/** Said with every answer: it holds only as far as this does. */
export const assumptions = [
  'proofs are fresh, and proofs of possession wherever the registry lets one be',
  'a definition is served as it was reviewed, nothing is stopped, and the gateway may ask about every server',
  'a member of a group may be a person or a workload, and its token carries no groups of its own',
] as const

export const assumedGranted =
  'the purpose is granted as wide as the registry lets it be, and covers the capability'
export const assumedIssued = 'the grants are signed by an issuer of the tenant, and for this tenant'
export const assumedInside = 'arguments are inside their bounds'

/** Who is meant when it is anyone; no issuer gives such a subject. */
const anyone = 'urn:countersign:anyone'
const unregistered = 'urn:countersign:unregistered-client'
const lifetimeSeconds = 3600
const farFuture = 253_402_300_799

/** What all questions of one run have in common. */
export interface Setting {
  /** Seconds since the epoch. */
  readonly now: number
  readonly environment: string
  readonly registry: Registry
  readonly policy: PolicyEngine['policy']
}

/** What it is done for. */
export interface GivenPurpose {
  /** Null: none is given. */
  readonly purpose: string | null
  /** Null: whatever the registry lets one be. */
  readonly grant: GrantClaims | null
}

/** A workflow in which nothing happened before. */
const workflowOfNothing: Pick<Facts, 'workflow' | 'workflowSeen'> = {
  workflow: {
    ...{ id: 'wf_access-review', basis: 'known', root: null, parent: null, depth: 0 },
    ...{ project: 'access-review', subject: null, inherited: [] },
  },
  workflowSeen: {
    ...{ taint: [], spent: nothingSpent, servers: [], purpose: null },
    ...{ done: [], leaves: 0, unreported: 0 },
  },
}

export function factsAtBest(
  party: Party,
  given: GivenPurpose,
  asked: Asked,
  { now, environment, registry, policy }: Setting,
): Facts {
  const initiator = initiatorOf(party, now)
  return {
    now: now * 1000,
    decisionId: 'dec_access-review',
    ...workflowOfNothing,
    // Whatever is answered was asked for.
    inputs: {
      lane: { subject: null, server: asked.server, kind: '' },
      find: () => ({ answered: 'no', at: now, decision_id: 'dec_access-review' }),
      lately: 0,
    },
    pep: {
      ...{ tenant: 'access-review', id: 'access-review', issuer: '', project: 'access-review' },
      ...{ environment, servers: [], scopes: [], grade: 'pop' },
      ...{ workload: null, peer: null, proofs: [] },
      ...{ owner: 'access-review', reviewBy: farFuture },
    },
    policy,
    authors: [],
    index: indexOf(registry),
    observations: observationsFor(
      registry,
      { server: asked.server, kind: asked.capability.kind },
      now,
    ),
    initiator,
    server: serverOf(registry.servers[asked.server], now),
    ...grantedFor(given, asked, initiator, { now, registry }),
    ...{
      evidence: [],
      replayKeys: [],
      session: null,
      stopEpoch: 0,
      approvalFor: () => null,
      refusalFor: () => null,
    },
  }
}

function initiatorOf({ iss, sub, groups, through, alone }: Party, now: number): VerifiedInitiator {
  const subject = sub ?? anyone
  return {
    ...noInitiator,
    auth_time: now,
    client_id: alone ? subject : (through ?? unregistered),
    expires_at: now + lifetimeSeconds,
    grade: 'pop',
    groups: [...groups],
    iss,
    kind: alone ? 'workload' : 'person',
    sub: subject,
  }
}

/** A platform vouches with a bearer's token, and what a gateway starts is its word: there is nothing better. */
function serverOf(server: Server | undefined, now: number): VerifiedServer {
  if (server === undefined) return noServer
  const { workload } = server
  const fresh = { ...noServer, expires_at: now + lifetimeSeconds }
  if ('platform' in workload) return { ...fresh, grade: 'bearer', platform: workload.platform }
  if ('launch' in workload)
    return { ...noServer, grade: 'forwarded', launch: workload.launch.digests[0] ?? null }
  if ('tls' in workload) {
    const { name, keys } = workload.tls
    return { ...noServer, grade: 'forwarded', tls: { name, key: keys[0] ?? '' } }
  }
  const { spiffe_id: id } = workload
  return { ...fresh, grade: 'pop', spiffe_id: id, trust_domain: URL.parse(id)?.hostname ?? null }
}

function grantedFor(
  { purpose, grant }: GivenPurpose,
  asked: Asked,
  initiator: VerifiedInitiator,
  setting: Pick<Setting, 'now' | 'registry'>,
): Pick<Facts, 'purpose' | 'gaps'> {
  if (grant !== null) return grantFacts(grant, setting.now)
  return {
    purpose: purpose === null ? null : grantOf(purpose, asked, initiator, setting),
    gaps: [],
  }
}

function grantOf(
  code: string,
  { server, key }: Asked,
  { iss, sub }: VerifiedInitiator,
  { now, registry }: Pick<Setting, 'now' | 'registry'>,
): AttestedPurpose {
  const purpose = registry.purposes[code]
  return {
    agent: null,
    bounds: {
      capabilities: [`${server}/${key}`],
      clarification: true,
      classifications: purpose?.classifications ?? [],
      directions: purpose?.directions ?? [],
      residency: purpose?.residency ?? [],
      resources: [],
      sampling: purpose?.sampling ?? null,
    },
    budgets: {},
    code,
    expires_at: now + lifetimeSeconds,
    grant_id: 'access-review',
    initiator: { iss: iss ?? '', sub: sub ?? '' },
    iss: 'access-review',
    left: { calls: null, model_calls: null },
    not_before: now,
    parent: null,
    ref: null,
  }
}
