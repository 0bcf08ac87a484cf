/** The corridor over ports of a test: verification that accepts, a policy that permits, a log in memory. */
import { MemoryLog } from '../../service/adapter/memory-log/memory-log.ts'
import type { PolicyResult } from '../../service/contract/policy-result.ts'
import type { Query } from '../../service/contract/query.ts'
import type { Registry } from '../../service/contract/registry.ts'
import type { Pep } from '../../service/decision/facts.ts'
import type { DecidePorts } from '../../service/flow/tenant.ts'
import type { VerifyToken } from '../../service/flow/verify-token.ts'
import type { Evaluation, PolicyEngine } from '../../service/port/policy-engine.ts'
import { noKeys } from './no-keys.ts'

export const permit: PolicyResult = {
  effect: 'permit',
  findings: [],
  grounds: [{ code: 'capability.granted', rule: 'capability.granted' }],
  obligations: [],
}
export const registry: Registry = {
  servers: {
    ops: {
      workload: { spiffe_id: 'spiffe://t/ops' },
      resource: 'https://ops',
      owner: 'o',
      review_by: 4_102_444_800,
      capabilities: {},
    },
  },
  purposes: {},
  agents: {},
  groups: {},
  exceptions: [],
  parameters: {
    max_delegation_depth: 1,
    hold_facets: [],
    default_approval: { group: 'g', quorum: 1 },
    valid_seconds: 60,
    max_elicitation_text: 100,
    review_grace_seconds: 0,
    releasable: { input_response: [], result: [] },
  },
}
export const pep: Pep = {
  tenant: 't',
  id: 'gw',
  issuer: 'i',
  project: 'p',
  environment: 'e',
  servers: [],
  scopes: [],
  grade: 'bearer',
  workload: null,
  peer: null,
  proofs: [],
  owner: 'o',
  reviewBy: 4_102_444_800,
}
export const query: Query = {
  phase: 'request',
  initiator: { access_token: 'a.b.c' },
  server: { id: 'ops', proof: { jwt_svid: 'a.b.c' } },
  capability: { kind: 'tool', name: 'x', arguments: {} },
  purpose: { grant: 'a.b.c' },
  protocol: { version: 'v', method: 'tools/call' },
}

export const engineOf = (evaluate: PolicyEngine['evaluate']): PolicyEngine => ({
  policy: { revision: 'r', digest: `sha256:${'0'.repeat(64)}` },
  ...{
    registry,
    authors: [],
    rawAuthzen: false,
    rules: {},
    evaluate,
    close: () => Promise.resolve(),
  },
})
export const says = (evaluation: Evaluation): PolicyEngine =>
  engineOf(() => Promise.resolve(evaluation))
export const permits = says({ ok: true, result: JSON.stringify(permit) })
export const digest = `sha256:${'1'.repeat(64)}`
const expiry = Math.floor(Date.now() / 1000) + 300
export const facts = {
  access_token: {
    grade: 'bearer',
    iss: 'i',
    sub: 's',
    kind: 'person',
    client_id: 'c',
    scopes: [],
    groups: [],
    acr: null,
    auth_time: null,
    expires_at: expiry,
    delegation: [],
  },
  jwt_svid: {
    grade: 'bearer',
    platform: null,
    launch: null,
    tls: null,
    spiffe_id: 'spiffe://t/ops',
    trust_domain: 't',
    expires_at: expiry,
  },
  purpose_grant: {
    grant_id: 'g',
    iss: 'i',
    code: 'c',
    ref: null,
    initiator: { iss: 'i', sub: 's' },
    ...{ agent: null, parent: null, budgets: {}, left: { calls: null, model_calls: null } },
    not_before: 0,
    expires_at: expiry,
    bounds: {
      capabilities: [],
      classifications: [],
      resources: [],
      residency: [],
      directions: [],
      sampling: null,
      clarification: false,
    },
  },
}
const verifies = ((kind: keyof typeof facts) => ({
  ok: true,
  facts: facts[kind],
  digest,
})) as unknown as VerifyToken

export const portsWith = (change: Partial<DecidePorts> = {}): DecidePorts => ({
  tenant: {
    id: 't',
    audience: 'https://pdp/t',
    initiatorIssuers: ['i'],
    agentDocument: () => null,
    platformDemands: () => null,
  },
  clock: { now: () => Date.now(), uuid: () => crypto.randomUUID() },
  verify: verifies,
  keySets: noKeys,
  policy: () => permits,
  isStale: () => false,
  lacksWitnesses: () => false,
  audit: new MemoryLog('test'),
  pseudonymKey: new Uint8Array(32),
  ...change,
})
