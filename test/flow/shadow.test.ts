/** A candidate judges beside: whatever it does, what is decided is what would be decided without it. */
import { afterEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MemoryLog } from '../../service/adapter/memory-log/memory-log.ts'
import { startPolicyEngine } from '../../service/adapter/policy-engine/start-policy-engine.ts'
import { limits } from '../../service/contract/limits.ts'
import type { PolicyResult } from '../../service/contract/policy-result.ts'
import type { Registry } from '../../service/contract/registry.ts'
import type { Comparison } from '../../service/contract/shadow-report.ts'
import { decide } from '../../service/flow/decide.ts'
import { ShadowCandidate } from '../../service/flow/shadow-candidate.ts'
import { Shadow } from '../../service/flow/shadow.ts'
import type { DecidePorts } from '../../service/flow/tenant.ts'
import type { BundleSource, Offer } from '../../service/port/bundle-source.ts'
import type { PolicyEngine } from '../../service/port/policy-engine.ts'
import { activationOf, engineLimits } from '../adapter/policy-engine/program.ts'
import { engineOf, pep, permit, permits, portsWith, query, says } from '../support/corridor.ts'
import { until } from '../support/listening-source.ts'

const finding = { code: 'a.b', rule: 'a.b', effect: 'deny', severity: 'high', params: {} } as const
const denial: PolicyResult = { effect: 'deny', findings: [finding], grounds: [], obligations: [] }
const denies = says({ ok: true, result: JSON.stringify(denial) })
const never = (): Promise<never> => new Promise(() => undefined)
const offerOf = (version: string): Offer => ({
  version,
  tarballs: [{ name: 'policy', bytes: Buffer.from(version) }],
})

type Beside = {
  readonly shadow: Shadow
  readonly ports: DecidePorts
  readonly audit: MemoryLog
  /** Lets the candidate do what has been put off for it. */
  readonly turn: () => void
  readonly swap: (engine: PolicyEngine) => Promise<void>
  readonly comparison: () => Comparison | null
}

const open: Shadow[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((shadow) => shadow.close()))
})

/** What decides, and a candidate beside it that has been offered already. */
async function beside(
  first: PolicyEngine | null,
  change: Partial<DecidePorts> = {},
): Promise<Beside> {
  const audit = new MemoryLog('test')
  let next: PolicyEngine = first ?? permits
  let offer: (offer: Offer) => Promise<void> = () => Promise.resolve()
  const source: BundleSource = {
    start: (take) => (offer = take),
    status: () => ({
      ...{ kind: 'directory', location: 'candidate', version: null },
      ...{ confirmedAt: null, failures: 0, error: null },
    }),
    close: () => Promise.resolve(),
  }
  const facts = portsWith({ audit, ...change })
  const candidate = new ShadowCandidate({
    ...{ owner: 'team', sources: [source], observe: () => undefined },
    loader: { load: () => Promise.resolve({ engine: next, bundles: [], selfCheck: [] }) },
    events: { tenant: 't', audit, clock: facts.clock },
  })
  candidate.listen()
  if (first !== null) await offer(offerOf('0'))
  const later: (() => void)[] = []
  const shadow = new Shadow({ candidate, facts, later: (act) => later.push(act) })
  open.push(shadow)
  let offers = 0
  return {
    ...{ shadow, audit, ports: { ...facts, shadow } },
    turn: () => {
      later.splice(0).forEach((act) => {
        act()
      })
    },
    swap: (engine) => {
      next = engine
      return offer(offerOf(String((offers += 1))))
    },
    comparison: () => shadow.state().comparison,
  }
}

async function compared(one: Beside, queries: number): Promise<Comparison> {
  await until(() => {
    one.turn()
    const { queries: done = 0, dropped = 0 } = one.comparison() ?? {}
    return done + dropped >= queries
  })
  return one.comparison() ?? expectNever()
}
function expectNever(): never {
  throw new Error('nothing was compared')
}

describe('what a candidate would have decided', () => {
  it('is counted by effect and rule, with the decisions that show it', async () => {
    const one = await beside(denies)
    const { leaf } = await decide(query, pep, one.ports)
    expect(leaf.effect).toBe('permit')
    expect(await compared(one, 1)).toMatchObject({
      ...{ active: permits.policy.digest, queries: 1, changed: 1, dropped: 0 },
      effects: [{ from: 'permit', to: 'deny', queries: 1, decisions: [leaf.jti] }],
      rules: [{ code: 'a.b', added: 1, removed: 0, decisions: [leaf.jti] }],
    })
  })

  it('is judged by the facts, the time and the ids of the decision, with the registry of its own', async () => {
    const asked: Record<string, unknown>[] = []
    const engine = engineOf((input) => {
      asked.push(JSON.parse(input) as Record<string, unknown>)
      return Promise.resolve({ ok: true, result: JSON.stringify(permit) })
    })
    const { ops } = engine.registry.servers
    const servers = { ops: { ...ops, owner: 'another' } }
    const own = { ...engine, registry: { ...engine.registry, servers } as Registry }
    const one = await beside(own, { policy: () => engine })
    await decide(query, pep, one.ports)
    await compared(one, 1)
    const [decided, candidate] = asked
    expect(decided?.['registry']).toBeDefined()
    expect(decided?.['registry']).not.toEqual(candidate?.['registry'])
    expect({ ...candidate, registry: null }).toEqual({ ...decided, registry: null })
  })

  it('is compared with what was judged, where what was answered is observed', async () => {
    const now = Math.floor(Date.now() / 1000)
    const observe = [
      {
        ...({ scope: 'tenant', id: 'e', owner: 'o', reason: 'r' } as const),
        ...{ not_before: now - 60, expires_at: now + 600 },
      },
    ]
    const observing = { ...denies, registry: { ...denies.registry, observe } }
    const one = await beside(denies, { policy: () => observing })
    expect((await decide(query, pep, one.ports)).leaf.observed).toBeDefined()
    expect(await compared(one, 1)).toMatchObject({ queries: 1, changed: 0 })
  })

  it('is counted anew when what decides, or what judges beside it, is another', async () => {
    let engine: PolicyEngine = permits
    const one = await beside(denies, { policy: () => engine })
    await decide(query, pep, one.ports)
    await compared(one, 1)
    engine = { ...permits, policy: { revision: 's', digest: `sha256:${'5'.repeat(64)}` } }
    await decide(query, pep, one.ports)
    expect(await compared(one, 1)).toMatchObject({ active: engine.policy.digest, queries: 1 })
    await one.swap(says({ ok: true, result: JSON.stringify(permit) }))
    await decide(query, pep, one.ports)
    expect(await compared(one, 1)).toMatchObject({ queries: 1, changed: 0 })
  })

  it('counts no retry that is answered from its record', async () => {
    const one = await beside(denies)
    const retried = { ...query, request_id: 'again' }
    const first = await decide(retried, pep, one.ports)
    expect((await decide(retried, pep, one.ports)).leaf.jti).toBe(first.leaf.jti)
    await compared(one, 1)
    one.turn()
    expect(one.comparison()?.queries).toBe(1)
  })

  it('is nothing while there is no candidate', async () => {
    const one = await beside(null)
    await decide(query, pep, one.ports)
    one.turn()
    expect(one.shadow.state()).toMatchObject({ candidate: null, comparison: null })
    expect(one.shadow.notices()).toEqual([expect.stringMatching(/no candidate yet/u)])
  })
})

describe('whatever a candidate does', () => {
  const failing: readonly (readonly [string, PolicyEngine])[] = [
    [
      'throws',
      engineOf(() => {
        throw new Error('x')
      }),
    ],
    ['rejects', engineOf(() => Promise.reject(new Error('x')))],
    ['never answers', engineOf(never)],
    ['says nonsense', says({ ok: true, result: '"permit"' })],
    ['runs out of time', says({ ok: false, fault: 'engine.timeout' })],
    ['permits', permits],
    ['has a registry that is none', { ...denies, registry: null as never }],
  ]

  it.each(failing)(
    'what is denied stays denied, and is not waited for: it %s',
    async (_how, engine) => {
      const one = await beside(engine, { policy: () => denies })
      for (let i = 0; i < 40; i += 1) {
        expect((await decide(query, pep, one.ports)).leaf.effect).toBe('deny')
        one.turn()
      }
    },
  )

  it('the entries of the log are those that there are without it', async () => {
    const result = fc.oneof(fc.string(), fc.json(), fc.constant(JSON.stringify(denial)))
    await fc.assert(
      fc.asyncProperty(result, async (text) => {
        const one = await beside(says({ ok: true, result: text }))
        const before = one.audit.size()
        const { leaf } = await decide(query, pep, one.ports)
        await compared(one, 1)
        expect(leaf).toMatchObject({ effect: 'permit', verdict_source: 'policy', reasons: [] })
        expect(one.audit.size()).toBe(before + 1)
      }),
      { numRuns: 50 },
    )
  })

  it('nothing is asked of it before the decision is durable', async () => {
    const audit = new MemoryLog('test')
    const one = await beside(denies, { audit })
    audit.fail('the disk is gone')
    await expect(decide(query, pep, one.ports)).rejects.toMatchObject({ code: 'audit_unavailable' })
    one.turn()
    expect(one.comparison()).toBeNull()
  })

  it('what it cannot keep up with is dropped and counted, and the queue stays bounded', async () => {
    const one = await beside(engineOf(never))
    const more = 25
    const held = limits.shadowQueue + limits.shadowFlying
    for (let i = 0; i < held + more; i += 1) {
      await decide(query, pep, one.ports)
      one.turn()
      await Promise.resolve()
    }
    expect(one.comparison()).toMatchObject({ queries: 0, dropped: more })
  })

  it('one that keeps failing rests, and is asked again after that', async () => {
    let now = Date.now()
    let asked = 0
    const engine = engineOf(() => {
      asked += 1
      return Promise.resolve({ ok: false, fault: 'engine.timeout' })
    })
    const clock = { now: () => now, uuid: () => crypto.randomUUID() }
    const one = await beside(engine, { clock })
    for (let i = 1; i <= limits.shadowFaults; i += 1) {
      await decide(query, pep, one.ports)
      await compared(one, i)
    }
    const resting = asked
    await decide(query, pep, one.ports)
    await compared(one, limits.shadowFaults + 1)
    expect([asked, one.comparison()?.dropped]).toEqual([resting, 1])
    expect(one.comparison()?.rules).toMatchObject([
      { code: 'engine.timeout', added: limits.shadowFaults },
    ])
    now += limits.shadowRestMilliseconds
    await decide(query, pep, one.ports)
    await compared(one, limits.shadowFaults + 2)
    expect(asked).toBe(resting + 1)
  })

  it('a real policy that loops is stopped in a worker of its own, and decisions go on', async () => {
    const looping = await startPolicyEngine(activationOf('trials'), {
      ...engineLimits,
      isBackground: true,
    })
    const engine = {
      ...permits,
      evaluate: () => looping.evaluate(JSON.stringify({ do: 'loop' })),
      close: () => looping.close(),
    }
    const one = await beside(engine)
    for (let i = 0; i < 3; i += 1) {
      expect((await decide(query, pep, one.ports)).leaf.effect).toBe('permit')
      one.turn()
    }
    const { rules } = await compared(one, 3)
    expect(rules).toMatchObject([{ code: 'engine.timeout', added: 3 }])
  })
})
