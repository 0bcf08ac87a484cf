/** A candidate comes through the gate of one that decides, is recorded, and fails for nobody but itself. */
import { describe, expect, it } from '@jest/globals'
import { MemoryLog } from '../../service/adapter/memory-log/memory-log.ts'
import { systemClock } from '../../service/adapter/clock/system-clock.ts'
import type { Draft } from '../../service/audit/draft.ts'
import { refusal } from '../../service/bundle/refusal.ts'
import { PdpError } from '../../service/contract/error-code.ts'
import { ShadowCandidate, type ShadowNotice } from '../../service/flow/shadow-candidate.ts'
import type { Offer } from '../../service/port/bundle-source.ts'
import type { LoadedPolicy } from '../../service/port/policy-engine.ts'
import { permits, says } from '../support/corridor.ts'

type Stage = {
  readonly candidate: ShadowCandidate
  readonly notices: readonly ShadowNotice[]
  readonly events: readonly string[]
  readonly closed: () => number
  readonly loads: () => number
  readonly offer: (version: string) => Promise<void>
  readonly confirm: () => Promise<void>
}

function stage(load: (version: string) => LoadedPolicy, audit = new MemoryLog('test')): Stage {
  const notices: ShadowNotice[] = []
  const events: string[] = []
  let [closed, loads] = [0, 0]
  let take: (offer: Offer) => Promise<void> = () => Promise.resolve()
  let again: () => void = () => undefined
  const append = audit.append.bind(audit)
  audit.append = async (draft: Draft, preconditions) => {
    const recorded = await append(draft, preconditions)
    events.push((recorded.leaf as { event_kind?: string }).event_kind ?? recorded.leaf.kind)
    return recorded
  }
  const candidate = new ShadowCandidate({
    owner: 'team',
    observe: (notice) => notices.push(notice),
    events: { tenant: 't', audit, clock: systemClock },
    sources: [
      {
        start: (offer, confirm) => {
          take = offer
          again = confirm
        },
        status: () => ({
          ...{ kind: 'directory', location: 'candidate', version: null },
          ...{ confirmedAt: null, failures: 0, error: null },
        }),
        close: () => Promise.resolve(),
      },
    ],
    loader: {
      load: async ([tarball]) => {
        loads += 1
        const policy = load(Buffer.from(tarball?.bytes ?? []).toString())
        const close = (): Promise<void> => {
          closed += 1
          return Promise.resolve()
        }
        return Promise.resolve({ ...policy, engine: { ...policy.engine, close } })
      },
    },
  })
  candidate.listen()
  const offer = (version: string): Promise<void> =>
    take({ version, tarballs: [{ name: 'policy', bytes: Buffer.from(version) }] })
  return {
    ...{ candidate, notices, events, offer, closed: () => closed, loads: () => loads },
    confirm: async () => {
      again()
      await new Promise((resolve) => setTimeout(resolve, 20))
    },
  }
}

const good: LoadedPolicy = { engine: permits, bundles: [], selfCheck: [] }

describe('a candidate', () => {
  it('begins with a leaf and a notice, and replaces the one before', async () => {
    const one = stage(() => good)
    await one.offer('1')
    const first = one.candidate.current
    expect(one.notices).toMatchObject([{ event: 'activated', owner: 'team' }])
    expect(one.events).toEqual(['shadow_activation'])
    await one.offer('1')
    expect([one.loads(), one.candidate.current]).toEqual([1, first])
    await one.offer('2')
    expect(one.candidate.current?.digest).not.toBe(first?.digest)
    expect(one.closed()).toBe(1)
    await one.candidate.close()
    expect([one.closed(), one.candidate.current]).toEqual([2, null])
  })

  it('that is refused leaves the one before, is a leaf, and is not tried again', async () => {
    const one = stage((version) => {
      if (version === '1') return good
      throw refusal('unsigned', 'policy', 'no signature')
    })
    await one.offer('1')
    const before = one.candidate.current
    await one.offer('2')
    await one.offer('2')
    expect(one.candidate.current).toBe(before)
    expect(one.candidate.refused).toMatchObject({ reasons: ['unsigned'] })
    expect(one.events).toEqual(['shadow_activation', 'shadow_refusal'])
    expect(one.loads()).toBe(2)
  })

  it('that fails its own cases is refused, and its workers end', async () => {
    const selfCheck = [{ name: 'c', input: {}, want: { effect: 'deny' } }]
    const one = stage(() => ({ ...good, selfCheck }) as unknown as LoadedPolicy)
    await one.offer('1')
    expect(one.candidate).toMatchObject({ current: null, refused: { reasons: ['self_check'] } })
    expect(one.closed()).toBe(1)
  })

  it('that could not be had is told, and tried again when the source answers', async () => {
    let isBroken = true
    const one = stage(() => {
      if (isBroken) throw new Error('no thread')
      return { ...good, engine: says({ ok: false, fault: 'engine.timeout' }) }
    })
    await one.offer('1')
    expect(one.notices).toMatchObject([{ event: 'failed' }])
    await one.confirm()
    isBroken = false
    await one.confirm()
    await one.confirm()
    expect([one.loads(), one.candidate.current === null]).toEqual([3, false])
  })

  it('that the log does not take does not begin, and its workers end', async () => {
    const audit = new MemoryLog('test')
    audit.fail('the disk is gone')
    const one = stage(() => good, audit)
    await one.offer('1')
    expect(one.candidate.current).toBeNull()
    expect(one.closed()).toBe(1)
    expect(one.notices).toMatchObject([{ event: 'failed', error: expect.any(PdpError) }])
  })
})
