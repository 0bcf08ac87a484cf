/** A fault in each room of the corridor: it gives a denial, or no decision. Never a permit. */
import { describe, expect, it } from '@jest/globals'
import { MemoryLog } from '../../service/adapter/memory-log/memory-log.ts'
import { PdpError } from '../../service/contract/error-code.ts'
import { engineFaults } from '../../service/contract/reason-code.ts'
import { decide } from '../../service/flow/decide.ts'
import type { VerifyToken } from '../../service/flow/verify-token.ts'
import type { PolicyEngine } from '../../service/port/policy-engine.ts'
import {
  digest,
  engineOf,
  facts,
  pep,
  permit,
  portsWith,
  query,
  says,
} from '../support/corridor.ts'

describe('without a fault', () => {
  it('the corridor permits, so that each fault below is what denies', async () => {
    expect((await decide(query, pep, portsWith())).leaf.effect).toBe('permit')
  })
})

describe('a fault in gathering facts', () => {
  it.each(['access_token', 'jwt_svid', 'purpose_grant'])(
    'denies when %s is refused',
    async (refused) => {
      const verify = ((kind: keyof typeof facts) =>
        kind === refused
          ? { ok: false, failure: 'bad_signature', digest }
          : { ok: true, facts: facts[kind], digest }) as unknown as VerifyToken
      const { leaf } = await decide(query, pep, portsWith({ verify }))
      expect(leaf).toMatchObject({
        effect: 'deny',
        verdict_source: 'gap',
        authority: { rules: [] },
      })
    },
  )

  it.each([
    [
      'throws',
      () => {
        throw new Error('x')
      },
    ],
    ['rejects', () => Promise.reject(new Error('x'))],
  ])('gives no decision when verification %s, against its promise', async (_how, verify) => {
    const audit = new MemoryLog('test')
    await expect(
      decide(query, pep, portsWith({ verify: verify as unknown as VerifyToken, audit })),
    ).rejects.toThrow('x')
    expect(audit.size()).toBe(0)
  })

  it('denies when what a facade says contradicts the query', async () => {
    const { leaf } = await decide(query, pep, portsWith(), { subject: 'somebody else' })
    expect(leaf).toMatchObject({ effect: 'deny', reasons: [{ code: 'initiator.claim_mismatch' }] })
  })
})

describe('a fault in judging', () => {
  it('denies when there is no policy', async () => {
    const { leaf } = await decide(query, pep, portsWith({ policy: () => null }))
    expect(leaf).toMatchObject({ effect: 'deny' })
  })

  it.each(engineFaults)('denies on %s', async (fault) => {
    const { leaf } = await decide(
      query,
      pep,
      portsWith({ policy: () => says({ ok: false, fault }) }),
    )
    expect(leaf).toMatchObject({
      effect: 'deny',
      verdict_source: 'engine_fault',
      reasons: [{ code: fault }],
    })
  })

  it.each([
    '',
    '{}',
    '[]',
    'true',
    '"permit"',
    '{"effect":"permit"}',
    JSON.stringify([permit]),
    JSON.stringify({ ...permit, grounds: [] }),
  ])('denies when policy returns %j', async (result) => {
    const { leaf } = await decide(
      query,
      pep,
      portsWith({ policy: () => says({ ok: true, result }) }),
    )
    expect(leaf).toMatchObject({
      effect: 'deny',
      verdict_source: 'engine_fault',
      reasons: [{ code: 'engine.malformed' }],
    })
  })

  it('gives no decision when the engine throws, against its promise', async () => {
    const audit = new MemoryLog('test')
    const policy = (): PolicyEngine => engineOf(() => Promise.reject(new Error('x')))
    await expect(decide(query, pep, portsWith({ policy, audit }))).rejects.toThrow('x')
    expect(audit.size()).toBe(0)
  })
})

describe('a fault in recording', () => {
  it('gives no decision, though policy permitted', async () => {
    const audit = new MemoryLog('test')
    audit.append = () => Promise.reject(new PdpError('audit_unavailable', 'x'))
    await expect(decide(query, pep, portsWith({ audit }))).rejects.toMatchObject({
      code: 'audit_unavailable',
    })
  })
})

describe('a policy that states as much as it may', () => {
  const long = (i: number): string => `${String(i)}${'\u65e5'.repeat(250)}`
  const many = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

  it.each([
    [
      'findings',
      {
        effect: 'deny',
        findings: many(256).map((i) => ({
          code: long(i),
          effect: 'deny',
          severity: 'high',
          rule: long(i),
          params: {},
        })),
        grounds: [],
        obligations: [],
      },
    ],
    ['grounds', { ...permit, grounds: many(64).map((i) => ({ code: long(i), rule: long(i) })) }],
    [
      'obligations',
      {
        ...permit,
        obligations: many(64).map((i) => ({
          id: long(i),
          type: 't',
          properties: { text: long(i) },
        })),
      },
    ],
  ])('is denied and logged, not lost: %s', async (_name, result) => {
    const audit = new MemoryLog('test')
    const policy = (): PolicyEngine => says({ ok: true, result: JSON.stringify(result) })
    const { leaf } = await decide(query, pep, portsWith({ policy, audit }))
    expect(leaf).toMatchObject({ effect: 'deny', reasons: [{ code: 'leaf.too_large' }] })
    expect(audit.size()).toBe(1)
  })

  it('is recorded while it fits', async () => {
    const obligations = many(12).map((i) => ({
      id: long(i),
      type: 't',
      properties: { text: long(i) },
    }))
    const policy = (): PolicyEngine =>
      says({ ok: true, result: JSON.stringify({ ...permit, obligations }) })
    expect((await decide(query, pep, portsWith({ policy }))).leaf.effect).toBe('permit')
  })
})
