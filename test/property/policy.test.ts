import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { PolicyInput } from '../../service/contract/policy-input.ts'
import { valueAt } from '../../service/decision/json-value.ts'
import { startJudging, type Judged } from '../support/policy-engine.ts'

let judged: Judged
let inputs: Readonly<Record<'permit' | 'deny' | 'hold', PolicyInput>>

beforeAll(async () => {
  judged = await startJudging()
  inputs = {
    permit: await judged.inputOf(judged.queries.permit),
    deny: await judged.inputOf(judged.queries.deny),
    hold: await judged.inputOf(judged.queries.hold),
  }
})
afterAll(async () => {
  await judged.close()
})

const strictness = { permit: 0, hold: 1, deny: 2 }
const json = fc.jsonValue({ maxDepth: 3 })

/** What any peer could assert, members of the contract and any others. */
const asserted = fc.record({
  annotations: fc.oneof(
    fc.constant(null),
    fc.record({
      read_only: fc.boolean(),
      destructive: fc.boolean(),
      idempotent: fc.boolean(),
      open_world: fc.boolean(),
      stated: fc.subarray(['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint']),
    }),
    json,
  ),
  client_capabilities: json,
  client_info: json,
  purpose_code: fc.oneof(fc.constant(null), fc.constant('incident.restore'), fc.string()),
  workflow: fc.oneof(fc.constant({ id: null, parent_decision_id: null }), json),
  approval_id: fc.oneof(fc.constant(null), fc.string()),
})

describe('what a peer asserts', () => {
  it.each(['permit', 'hold', 'deny'] as const)(
    'never weakens a query that answers %s',
    async (effect) => {
      const bare = {
        ...inputs[effect],
        asserted: {
          annotations: null,
          client_capabilities: null,
          client_info: null,
          purpose_code: null,
          workflow: { id: null, parent_decision_id: null },
          approval_id: null,
        },
      }
      const least = strictness[(await judged.judge(bare)).effect]
      await fc.assert(
        fc.asyncProperty(asserted, async (claims) => {
          const result = await judged.judge({ ...inputs[effect], asserted: claims })
          expect(strictness[result.effect]).toBeGreaterThanOrEqual(least)
        }),
        { numRuns: 200 },
      )
    },
  )
})

describe('a server that has not proven itself', () => {
  const exemption = fc.record({
    effects: fc.subarray(['reads_private', 'calls_external', 'irreversible', 'reads_secrets']),
    groups: fc.array(fc.string()),
    internal: fc.anything(),
    trusted: fc.boolean(),
    owner: fc.string(),
  })

  it.each([
    ['no proof', { grade: 'none', spiffe_id: null, trust_domain: null, expires_at: null }],
    [
      'an assertion',
      {
        grade: 'asserted',
        spiffe_id: 'spiffe://dev.countersign.test/mcp/ops',
        trust_domain: 'dev.countersign.test',
        expires_at: null,
      },
    ],
    [
      'another workload',
      {
        grade: 'bearer',
        spiffe_id: 'spiffe://dev.countersign.test/mcp/other',
        trust_domain: 'dev.countersign.test',
        expires_at: null,
      },
    ],
  ])('is denied with %s, whatever the registry says of it', async (_name, server) => {
    await fc.assert(
      fc.asyncProperty(exemption, fc.boolean(), async (data, withException) => {
        const { registry, verified, ...rest } = inputs.permit
        const exceptions = [
          'identity.server_unproven',
          'identity.server_mismatch',
          'identity.server_unregistered',
        ].map((code) => ({
          id: code,
          code,
          server: 'ops',
          capability: 'tool:status',
          owner: 'o',
          reason: 'r',
          not_before: 0,
          expires_at: 9_999_999_999,
          review_by: 9_999_999_999,
        }))
        const result = await judged.judge({
          ...rest,
          verified: { ...verified, server },
          registry: {
            ...registry,
            exceptions: withException ? exceptions : [],
            server: { ...registry.server, ...data },
            capability: { ...registry.capability, ...data },
          },
        })
        expect(result.effect).toBe('deny')
      }),
      { numRuns: 100 },
    )
  })
})

describe('what has happened in a workflow', () => {
  const facets = ['private_read', 'untrusted_seen', 'sent', 'changed']
  const effects = ['reads_private', 'calls_external', 'modifies_downstream', 'irreversible']
  const bounded = { calls: 5, tokens: 100, depth: 1 }

  it('never weakens an answer when it is more', async () => {
    await fc.assert(
      fc.asyncProperty(
        ...[fc.subarray(facets), fc.subarray(facets), fc.subarray(effects), fc.boolean()],
        ...[fc.nat(7), fc.nat(3), fc.constantFrom('known', 'inferred', 'child')],
        async (some, others, does, held, calls, more, basis) => {
          const { verified, registry } = inputs.permit
          const asked = (taint: readonly string[], spent: number, of: string): unknown => ({
            ...inputs.permit,
            registry: {
              ...registry,
              capability: { ...registry.capability, effects: does },
              parameters: {
                ...registry.parameters,
                workflow: { tainted_send: held ? 'hold' : 'deny', budgets: bounded },
              },
            },
            verified: {
              ...verified,
              workflow: {
                ...verified.workflow,
                basis: of,
                taint: taint.map((facet) => ({ facet, decisions: ['dec_1'], inferred: false })),
                spent: { ...verified.workflow.spent, calls: spent },
                reaches: { ...verified.workflow.reaches, calls: spent + 1 },
              },
            },
          })
          const less = (await judged.judge(asked(some, calls, basis))).effect
          const all = [...new Set([...some, ...others])]
          const worse = (await judged.judge(asked(all, calls + more, basis))).effect
          expect(strictness[worse]).toBeGreaterThanOrEqual(strictness[less])
          const unknown = (await judged.judge(asked(facets, calls + more, 'unknown'))).effect
          expect(strictness[unknown]).toBeGreaterThanOrEqual(strictness[worse])
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('one input', () => {
  it('gives one verdict, whatever was judged in between', async () => {
    const first = await judged.judge(inputs.permit)
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('permit', 'deny', 'hold'), json, async (effect, junk) => {
        await Promise.all([
          judged.judge(inputs[effect]),
          judged.judge({ ...inputs.hold, question: junk }),
          judged.judge(junk),
        ])
        expect(await judged.judge(inputs.permit)).toEqual(first)
      }),
      { numRuns: 50 },
    )
  })

  it('never permits when a member that guards this question is missing or of another type', async () => {
    const tolerated = new Set<string>()
    for (const path of pathsOf(inputs.permit)) {
      for (const junk of [undefined, null, [], {}, 'x', 7, true]) {
        if (kindOf(junk) === kindOf(valueAt(inputs.permit, path))) continue
        const result = await judged.judge(replaced(inputs.permit, path, junk))
        if (result.effect === 'permit') tolerated.add(path.join('.'))
      }
    }
    const guards = [...tolerated].filter((path) => !unguarded.some((part) => isUnder(path, part)))
    expect(guards).toEqual([])
  })
})

/** What says nothing about this question: names, other kinds' content, what peers assert, what is optional. */
const unguarded = [
  ...['v', 'decision_id', 'tenant', 'asserted'],
  ...['name', 'uri', 'protocol_version', 'round', 'content'].map((name) => `question.${name}`),
  ...['elicitation', 'list', 'result', 'sampling'].map((name) => `question.${name}`),
  ...['acr', 'auth_time', 'expires_at', 'scopes', 'kind'].map(
    (name) => `verified.initiator.${name}`,
  ),
  ...[
    'verified.pep.grade',
    'verified.pep.id',
    'verified.pep.owner',
    'verified.initiator.client_id',
  ],
  ...['verified.server.expires_at', 'verified.server.trust_domain'],
  // What has happened in the workflow matters to sends, to budgets and to what must come after something.
  ...['depth', 'done', 'id', 'position', 'reaches', 'servers', 'spent', 'taint', 'unreported'].map(
    (name) => `verified.workflow.${name}`,
  ),
  // What is left of a budget matters where there is one; who may issue, to grants.
  ...['budgets', 'left.calls', 'left.model_calls', 'parent'].map(
    (name) => `attested.purpose.${name}`,
  ),
  'registry.issuing',
  // What was asked back matters to what is asked back and answered.
  'verified.inputs',
  // Other ways by which a server may be named: this one has a SPIFFE ID.
  ...['verified', 'registry'].flatMap((part) => [
    `${part}.server.platform`,
    `${part}.server.launch`,
    `${part}.server.tls`,
  ]),
  ...['iss', 'ref', 'bounds.clarification', 'bounds.sampling'].map(
    (name) => `attested.purpose.${name}`,
  ),
  ...['arguments', 'bounds', 'data_scope'].map((name) => `registry.capability.${name}`),
  ...['exceptions', 'governed_tool_names', 'initiator_groups'].map((name) => `registry.${name}`),
  ...['purpose.sampling', 'purpose.title', 'purpose.owner'].map((name) => `registry.${name}`),
  ...[
    'agent.iss',
    'server.elicitation_hosts',
    'server.resource',
    'agent.owner',
    'server.owner',
  ].map((name) => `registry.${name}`),
  ...[
    'default_approval',
    'max_elicitation_text',
    'review_grace_seconds',
    'releasable',
    'pop_facets',
    'valid_seconds',
  ].map((name) => `registry.parameters.${name}`),
]

function isUnder(path: string, part: string): boolean {
  return path === part || path.startsWith(`${part}.`)
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'list' : typeof value
}

function pathsOf(value: unknown, at: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [at]
  return [
    ...(at.length === 0 ? [] : [at]),
    ...Object.entries(value).flatMap(([name, member]) => pathsOf(member, [...at, name])),
  ]
}

function replaced(value: unknown, path: readonly string[], by: unknown): unknown {
  const [step, ...rest] = path
  if (step === undefined) return by
  return {
    ...(value as object),
    [step]: replaced((value as Record<string, unknown>)[step], rest, by),
  }
}
