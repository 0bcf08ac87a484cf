/** Data that contradicts itself: each fault has its kind, its weight and its line. */
import { expect } from '@jest/globals'
import type { Observation } from '../../../service/contract/observation.ts'
import type { Registry } from '../../../service/contract/registry.ts'
import { readRules, type Rule } from '../../../scripts/policy/catalogue/rules.ts'
import { checkData } from '../../../scripts/policy/data/check-data.ts'
import { readProject } from '../../../scripts/policy/project.ts'
import { readRegistryData } from '../../../scripts/policy/registry-data.ts'
import type { Remark } from '../../../scripts/policy/remark.ts'
import { testWithOpa } from '../../support/opa.ts'
import { policyRepository } from '../../support/policy-repository.ts'
import { registryCopy } from '../../support/released-bundles.ts'

type Files = Readonly<Record<string, string>>
let rules: readonly Rule[] | undefined

async function remarksOn(files: Files): Promise<readonly Remark[]> {
  const project = readProject({ values: { project: policyRepository(files) } })
  rules ??= (await readRules(project)).rules
  const context = { rules, tokenGroups: ['sre', 'staff'], now: 1_800_000_000 }
  return checkData(readRegistryData(project), context)
}

function withRegistry(change: (registry: Registry) => void): Readonly<Record<string, string>> {
  const registry = registryCopy()
  change(registry)
  return { 'data/registry.json': JSON.stringify(registry, null, 2) }
}

const exception = {
  id: 'exc-1',
  code: 'capability.argument_unlisted',
  server: 'ops',
  capability: 'tool:status',
  owner: 'platform-team',
  review_by: 4_000_000_000,
  reason: 'x',
  not_before: 1_700_000_000,
  expires_at: 4_000_000_000,
}
const soon = (changes: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
  withRegistry((registry) => void registry.exceptions.push({ ...exception, ...changes }))

const observation = {
  ...{ id: 'first-week', scope: 'server', server: 'ops', owner: 'platform-team', reason: 'x' },
  ...{ not_before: 1_799_900_000, expires_at: 1_800_500_000 },
}
const observing = (
  changes: Readonly<Record<string, unknown>>,
  { server, ...scopeless } = observation,
): Readonly<Record<string, string>> =>
  withRegistry((registry) => {
    const isOfServer = changes['scope'] === undefined
    const entry = { ...scopeless, ...(isOfServer ? { server } : {}), ...changes }
    registry.observe = [JSON.parse(JSON.stringify(entry)) as Observation]
  })
const observingRule = (
  code: string,
  changes: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, string>> => observing({ scope: 'rule', code, ...changes })

const agent = Object.keys(registryCopy().agents)[0] ?? ''
testWithOpa.each<[string, Readonly<Record<string, string>>, string, string, RegExp]>([
  [
    'an agent of an unknown server',
    withRegistry((r) => void r.agents[agent]!.servers.push('opz')),
    'data.unknown_server',
    'error',
    /"opz"/,
  ],
  [
    'an agent without a server',
    withRegistry((r) => void (r.agents[agent]!.servers = [])),
    'data.agent_idle',
    'warning',
    /client\.json/,
  ],
  [
    'an exception for an unknown server',
    soon({ server: 'opz' }),
    'data.unknown_server',
    'error',
    /"opz"/,
  ],
  [
    'an exception for an unknown capability',
    soon({ capability: 'tool:statuz' }),
    'data.unknown_capability',
    'error',
    /"tool:statuz"/,
  ],
  [
    'an exception of an unknown code',
    soon({ code: 'capability.x' }),
    'data.unknown_code',
    'error',
    /"capability.x"/,
  ],
  [
    'an exception of what cannot be waived',
    soon({ code: 'capability.unknown' }),
    'data.not_waivable',
    'error',
    /"code"/,
  ],
  [
    'an exception that has expired',
    soon({ expires_at: 1_700_000_001 }),
    'data.exception_expired',
    'warning',
    /"expires_at": 1700000001/,
  ],
  [
    'an exception that ends before it begins',
    soon({ expires_at: 1 }),
    'data.exception_empty',
    'error',
    /"expires_at": 1$/,
  ],
  [
    'an observed server that there is not',
    observing({ server: 'opz' }),
    'data.unknown_server',
    'error',
    /"server": "opz"/,
  ],
  [
    'an observed rule at a server that there is not',
    observingRule('capability.argument_unlisted', { server: 'opz' }),
    'data.unknown_server',
    'error',
    /"server": "opz"/,
  ],
  [
    'an observed tenant that is named: a registry is of one',
    observing({ scope: 'tenant', tenant: 'acme' }),
    'data.schema',
    'error',
    /"tenant": "acme"/,
  ],
  [
    'an observed code that no rule gives',
    observingRule('capability.x'),
    'data.unknown_code',
    'error',
    /"code": "capability.x"/,
  ],
  [
    'an observed code of a ground, which speaks against nothing',
    observingRule('capability.granted'),
    'data.unknown_code',
    'error',
    /"code": "capability.granted"/,
  ],
  [
    'an observed rule of identity',
    observingRule('identity.server_pop_required'),
    'data.not_observable',
    'error',
    /"code": "identity.server_pop_required"/,
  ],
  [
    'an observation that has ended',
    observing({ expires_at: 1_799_999_999 }),
    'data.observe_expired',
    'warning',
    /"expires_at": 1799999999/,
  ],
  [
    'an observation that ends before it begins',
    observing({ expires_at: 5 }),
    'data.observe_empty',
    'error',
    /"expires_at": 5$/,
  ],
  [
    'an observation that lasts too long to be in force',
    observing({ expires_at: 1_899_900_000 }),
    'data.observe_too_long',
    'error',
    /"expires_at": 1899900000/,
  ],
  [
    'an observation without an owner',
    observing({ owner: undefined }),
    'data.schema',
    'error',
    /^ {4}\{$/,
  ],
  [
    'an observation of an id that another has',
    withRegistry((r) => void (r.observe = [observation, observation] as unknown as Observation[])),
    'data.observe_twice',
    'error',
    /"id": "first-week"/,
  ],
  [
    'a group that nobody is in',
    withRegistry((r) => void r.servers['ops']!.capabilities['tool:status']!.groups.push('sres')),
    'data.group_empty',
    'warning',
    /"sres"/,
  ],
  [
    'a group that nobody names',
    withRegistry((r) => void (r.groups['idle'] = [])),
    'data.group_unused',
    'warning',
    /"idle"/,
  ],
  [
    'approvers that there are not',
    withRegistry((r) => void (r.parameters.default_approval.group = 'nobody')),
    'data.approvers_missing',
    'warning',
    /"nobody"/,
  ],
  [
    'an approval by a workload that nobody registered',
    withRegistry((r) => void (r.parameters.default_approval.workloads = ['second-engine'])),
    'data.unknown_workload',
    'error',
    /"second-engine"/,
  ],
  [
    'a purpose that nothing lies inside',
    withRegistry(
      (r) =>
        void (r.purposes['idle'] = {
          title: 'x',
          classifications: ['x'],
          residency: [],
          directions: [],
          owner: 'platform-team',
          review_by: 4_000_000_000,
        }),
    ),
    'data.purpose_unused',
    'warning',
    /"idle": \{/,
  ],
  [
    'a workload of two servers',
    withRegistry(
      (r) => void (r.servers['two'] = { ...r.servers['ops']!, resource: 'https://two.example' }),
    ),
    'data.shared_identity',
    'error',
    /"spiffe_id"/,
  ],
  [
    'a URI of two servers',
    withRegistry(
      (r) =>
        void (r.servers['two'] = {
          ...r.servers['ops']!,
          workload: { spiffe_id: 'spiffe://x/y' },
        }),
    ),
    'data.shared_identity',
    'error',
    /"resource"/,
  ],
  [
    'a key of another kind',
    withRegistry((r) => void (r.servers['ops']!.capabilities['tool:status']!.kind = 'prompt')),
    'data.kind',
    'error',
    /"tool:status": \{/,
  ],
  [
    'a pattern that is not RE2',
    withRegistry(
      (r) =>
        void r.servers['ops']!.capabilities['tool:status']!.bounds!.push({
          path: ['x'],
          pattern: '(?=x)',
        }),
    ),
    'data.pattern',
    'error',
    /"pattern": "\(\?=x\)"/,
  ],
  [
    'a member that the schema lacks',
    withRegistry((r) => void Object.assign(r.servers['ops']!, { onwer: 'x' })),
    'data.schema',
    'error',
    /"onwer"/,
  ],
  [
    'a member of another type',
    withRegistry((r) => void Object.assign(r.servers['ops']!, { owner: 5 })),
    'data.schema',
    'error',
    /"owner": 5/,
  ],
])('points to data with %s', async (_what, files, code, severity, text) => {
  const remarks = await remarksOn(files)
  const found = remarks.find((remark) => remark.code === code)
  expect(found).toMatchObject({ severity })
  const line = files['data/registry.json']!.split('\n')[found!.line - 1]!.replace(/,$/, '')
  expect(line).toMatch(text)
})

testWithOpa('data that is well has no remark', async () => {
  expect(await remarksOn(soon({}))).toEqual([])
  expect(await remarksOn(observing({}))).toEqual([])
  expect(await remarksOn(observing({ scope: 'tenant' }))).toEqual([])
  const code = 'capability.argument_unlisted'
  expect(await remarksOn(observingRule(code, { server: 'ops' }))).toEqual([])
})
