/** Approvals in the corridor: asked for, used up and ended, over a log in memory. */
import { describe, expect, it } from '@jest/globals'
import { MemoryLog } from '../../service/adapter/memory-log/memory-log.ts'
import type { Leaf } from '../../service/contract/leaf.ts'
import type { Query } from '../../service/contract/query.ts'
import { answerOf } from '../../service/flow/answer.ts'
import { decide } from '../../service/flow/decide.ts'
import { listApprovals } from '../../service/flow/list-approvals.ts'
import { limits } from '../../service/contract/limits.ts'
import { cancelApproval, expireApprovals, type EndPorts } from '../../service/flow/end-approval.ts'
import type { PolicyEngine } from '../../service/port/policy-engine.ts'
import { engineOf, pep, permit, portsWith, query } from '../support/corridor.ts'

const finding = {
  ...{ code: 'capability.approval_required', effect: 'hold', severity: 'medium' },
  ...{ rule: 'capability.approval_required', params: { group: 'g', quorum: 1 } },
} as const
const holds = {
  ...{ effect: 'hold', findings: [finding], grounds: permit.grounds, obligations: [] },
  hold: { kind: 'approval', group: 'g', quorum: 1 },
}

/** Permits what is approved, holds what is not. */
const asks: PolicyEngine = engineOf((input) => {
  const { attested } = JSON.parse(input) as { attested: { approval: { status: string } | null } }
  const result = attested.approval?.status === 'approved' ? permit : holds
  return Promise.resolve({ ok: true, result: JSON.stringify(result) })
})

function world(audit = new MemoryLog('test')) {
  const clock = { at: Date.now() }
  const ports = portsWith({
    ...{ audit, policy: () => asks },
    clock: { now: () => clock.at, uuid: () => crypto.randomUUID() },
  })
  const end: EndPorts = ports
  return {
    ...{ audit, end, ports },
    ask: async (name: string, change: Partial<Query> = {}) => {
      const asked: Query = { ...query, ...change, capability: { ...query.capability, name } }
      return answerOf(await decide(asked, pep, ports))
    },
    pass: (seconds: number) => (clock.at += seconds * 1000),
    kinds: async (): Promise<readonly string[]> =>
      (await audit.entries(0, 100)).map(({ leaf }: { leaf: Leaf }) => leaf.kind),
  }
}

describe('an approval that nobody gave', () => {
  it('ends once in the log, in the workflow of what was held', async () => {
    const { ask, audit, end, kinds, pass } = world()
    const { hold, workflow } = await ask('x')
    await expireApprovals(end)
    expect(await kinds()).toEqual(['decision'])
    pass(3600)
    await expireApprovals(end)
    await expireApprovals(end)
    expect(await kinds()).toEqual(['decision', 'approval_expired'])
    const [, ended] = await audit.entries(0, 2)
    expect(ended?.leaf).toMatchObject({
      event: { approval_id: hold?.id, consents: 0, quorum: 1 },
      workflow: { id: workflow.id, seq: 1 },
    })
  })

  it('does not end twice: what was taken back is over', async () => {
    const { ask, end, kinds, pass } = world()
    const { hold } = await ask('x')
    const taken = { id: hold?.id ?? '', by: pep, reason: 'x' }
    for (const another of [{ id: 'another' }, { issuer: 'https://another.example' }])
      await expect(cancelApproval({ ...taken, by: { ...pep, ...another } }, end)).rejects.toThrow(
        /no approval/u,
      )
    await cancelApproval(taken, end)
    pass(3600)
    await expireApprovals(end)
    expect(await kinds()).toEqual(['decision', 'approval_cancelled'])
  })

  it('is forgotten a day after its time, and room is there again', async () => {
    const { ask, pass } = world(new MemoryLog('test', { approvals: 2 }))
    expect((await ask('a')).effect).toBe('hold')
    expect((await ask('b')).effect).toBe('hold')
    expect((await ask('b')).effect).toBe('hold')
    expect(await ask('c')).toMatchObject({
      effect: 'deny',
      reasons: [{ code: 'approval.store_full' }],
      verdict_source: 'gap',
    })
    pass(3600 + 24 * 3600)
    expect((await ask('c')).effect).toBe('hold')
  })

  it('gives way once its time is over, where there is no other room', async () => {
    const { ask, pass } = world(new MemoryLog('test', { approvals: 1 }))
    expect((await ask('a')).effect).toBe('hold')
    pass(3600)
    expect((await ask('b')).effect).toBe('hold')
  })
})

/** A consent by somebody whom the registry says nothing of. */
async function consent(audit: MemoryLog, id: string): Promise<void> {
  const event = {
    ...{ approval_id: id, verdict: 'approve', voter: 'v', person: 'v', member_by: 'claim' },
    assurance: 'signed_in',
  }
  await audit.append(
    {
      ...{ typ: 'event+jwt', now: 0, workflowId: null, disclosure: null },
      claims: { kind: 'approval_vote', jti: `vot_${id}`, tenant: 't', event },
    },
    null,
  )
}

describe('what was held', () => {
  it('is permitted once when people consent, in whatever phase it was held', async () => {
    const { ask, audit } = world()
    for (const change of [
      {},
      { phase: 'result', result: { text: 'secret' } },
      { phase: 'input_response', elicitation: { action: 'accept' } },
    ] satisfies Partial<Query>[]) {
      const { hold } = await ask('x', change)
      await consent(audit, hold?.id ?? '')
      if (change.phase !== undefined) expect((await ask('x')).effect).toBe('hold')
      expect((await ask('x', change)).effect).toBe('permit')
      expect((await ask('x', change)).effect).toBe('hold')
    }
  })

  it('is of the very result: another waits for its own', async () => {
    const { ask, audit } = world()
    const { hold } = await ask('x', { phase: 'result', result: { text: 'a' } })
    await consent(audit, hold?.id ?? '')
    const other = await ask('x', { phase: 'result', result: { text: 'b' } })
    expect([other.effect, other.hold?.id === hold?.id]).toEqual(['hold', false])
  })
})

describe('whoever asks', () => {
  it('asks once for the same, however many ask at once', async () => {
    const { ask, audit } = world()
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask('x')))
    expect(audit.approvals.list()).toHaveLength(1)
    const { id } = audit.approvals.list()[0]!
    for (const { effect, hold, reasons } of answers)
      expect(effect === 'hold' ? hold?.id : reasons[0]?.code).toBe(
        effect === 'hold' ? id : 'approval.meanwhile',
      )
    expect((await ask('x')).hold?.id).toBe(id)
  })

  it('does not take all the room, nor ask on and on with a word changed', async () => {
    const { ask, audit, end, pass } = world(new MemoryLog('test', { approvalsPerInitiator: 2 }))
    const { hold } = await ask('a')
    await cancelApproval({ id: hold?.id ?? '', by: pep, reason: 'x' }, end)
    expect((await ask('b')).effect).toBe('hold')
    expect(await ask('c')).toMatchObject({
      ...{ effect: 'deny', reasons: [{ code: 'approval.too_many' }], verdict_source: 'gap' },
    })
    expect((await ask('b')).effect).toBe('hold')
    expect(audit.approvals.mayAsk(null, 0)).toBe(true)
    pass(3600)
    expect((await ask('c')).effect).toBe('hold')
  })
})

describe('the list of approvals', () => {
  it('gives each once, the last asked for first, over pages of which each looks at so many', async () => {
    const { ask, ports } = world(new MemoryLog('test', { approvalsPerInitiator: 1000 }))
    const most = limits.listedApprovals
    for (let i = 0; i < most + 3; i += 1) await ask(`tool-${String(i)}`)
    const asked = { status: null, group: null, maySee: () => true }
    const first = listApprovals({ ...asked, after: null }, ports)
    const second = listApprovals({ ...asked, after: first.next }, ports)
    const seen = [...first.approvals, ...second.approvals].map(({ id }) => id)
    expect(seen).toEqual(ports.audit.approvals.list().map(({ id }) => id))
    expect([first.approvals.length, second.next]).toEqual([most, null])
    const none = listApprovals({ ...asked, group: 'none', after: first.next }, ports)
    expect(none).toEqual({ approvals: [], next: null })
    expect(listApprovals({ ...asked, after: 'apr_forgotten' }, ports).approvals).toEqual([])
  })
})
