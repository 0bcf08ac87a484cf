/** Questions that a server asks back, in the corridor over a log in memory: whose answer is told to policy as one to which question. */
import { expect, it } from '@jest/globals'
import { MemoryLog } from '../../service/adapter/memory-log/memory-log.ts'
import type { VerifiedInputs } from '../../service/contract/asked-input.ts'
import { limits } from '../../service/contract/limits.ts'
import type { PolicyInput } from '../../service/contract/policy-input.ts'
import type { PolicyResult } from '../../service/contract/policy-result.ts'
import type { Query } from '../../service/contract/query.ts'
import { answerOf } from '../../service/flow/answer.ts'
import { decide } from '../../service/flow/decide.ts'
import type { VerifyToken } from '../../service/flow/verify-token.ts'
import { AskedInputs } from '../../service/workflow/asked-inputs.ts'
import { digest, engineOf, facts, pep, permit, portsWith, query } from '../support/corridor.ts'

const deny: PolicyResult = {
  ...{ effect: 'deny', grounds: permit.grounds, obligations: [] },
  findings: [{ code: 'x.y', effect: 'deny', severity: 'high', rule: 'x.y', params: {} }],
}
const form = (message: string): Record<string, unknown> => ({
  message,
  requestedSchema: { type: 'object' },
})
const accept = (reason: string): Record<string, unknown> => ({
  action: 'accept',
  content: { reason },
})

type Outcome = {
  readonly effect: string
  readonly codes: readonly string[]
  readonly inputs: VerifiedInputs
}

/** A policy that permits unless `denies` says so, and what it was told of inputs. */
function world() {
  const audit = new MemoryLog('test')
  const clock = { at: Date.now() }
  const who = { sub: 's' }
  const policy = { denies: false }
  const told: VerifiedInputs[] = []
  const engine = engineOf(async (text) => {
    told.push((JSON.parse(text) as PolicyInput).verified.inputs)
    // Others are asked meanwhile.
    await new Promise((resolve) => setImmediate(resolve))
    return { ok: true, result: JSON.stringify(policy.denies ? deny : permit) }
  })
  const verify = ((kind: keyof typeof facts) => ({
    ok: true,
    facts: kind === 'access_token' ? { ...facts[kind], sub: who.sub } : facts[kind],
    digest,
  })) as unknown as VerifyToken
  const ports = portsWith({
    ...{ audit, verify, policy: () => engine },
    clock: { now: () => clock.at, uuid: () => crypto.randomUUID() },
  })
  const send = async (change: Partial<Query>): Promise<Outcome> => {
    const asked = { ...query, ...change, protocol: { version: 'v', method: 'elicitation/create' } }
    const { effect, reasons } = answerOf(await decide(asked, pep, ports))
    const inputs = told.at(-1)
    if (inputs === undefined) throw new Error('policy was not asked')
    return { effect, codes: reasons.map(({ code }) => code), inputs }
  }
  return {
    ...{ audit, clock, who, policy },
    asks: (message: string) =>
      send({
        phase: 'input_request',
        capability: { kind: 'elicitation' },
        elicitation: form(message),
      }),
    answers: (message: string, reason: string, server = 'ops') =>
      send({
        ...{ phase: 'input_response', server: { ...query.server, id: server } },
        capability: { kind: 'elicitation', definition: form(message) },
        elicitation: accept(reason),
      }),
  }
}

it('an answer is told with the permitted question that it quotes', async () => {
  const { asks, answers, clock } = world()
  expect((await asks('Why?')).inputs).toEqual({ asked: null, lately: 0 })
  const { inputs } = await answers('Why?', 'because')
  expect(inputs).toEqual({
    asked: {
      answered: 'no',
      at: Math.floor(clock.at / 1000),
      decision_id: expect.stringMatching(/^dec_/u) as unknown,
    },
    lately: 1,
  })
})

it('it is not another question, nor one of another person or server, nor one that was denied', async () => {
  const { asks, answers, who, policy } = world()
  policy.denies = true
  await asks('Denied?')
  policy.denies = false
  await asks('Why?')
  const found = [
    await answers('Denied?', 'x'),
    await answers('Why ?', 'x'),
    await answers('Why?', 'x', 'web'),
  ]
  who.sub = 'mallory'
  found.push(await answers('Why?', 'x'))
  expect(found.map(({ inputs }) => inputs.asked)).toEqual([null, null, null, null])
})

it('a question has one answer, which may come again; asked again, it may be answered again', async () => {
  const { asks, answers, policy } = world()
  const answered = async (reason: string): Promise<unknown> =>
    (await answers('Why?', reason)).inputs.asked?.answered
  await asks('Why?')
  // An answer that was denied is none.
  policy.denies = true
  expect(await answered('secret')).toBe('no')
  policy.denies = false
  expect([await answered('a'), await answered('a')]).toEqual(['no', 'same'])
  expect(await answered('b')).toBe('other')
  await asks('Why?')
  expect(await answered('b')).toBe('no')
})

it('of two different answers at once one is permitted; of the same answer twice, both', async () => {
  const { asks, answers } = world()
  await asks('Why?')
  const two = await Promise.all([answers('Why?', 'a'), answers('Why?', 'b')])
  expect(two.map(({ effect }) => effect).sort()).toEqual(['deny', 'permit'])
  expect(two.find(({ effect }) => effect === 'deny')?.codes).toEqual(['workflow.answered'])
  await asks('Why?')
  const same = await Promise.all([answers('Why?', 'a'), answers('Why?', 'a')])
  expect(same.map(({ effect }) => effect)).toEqual(['permit', 'permit'])
})

it('a question that was asked long ago is none; of an hour as many are counted as there were', async () => {
  const { asks, answers, clock } = world()
  for (const message of ['1', '2', '3']) await asks(message)
  expect((await asks('4')).inputs.lately).toBe(3)
  clock.at += 3600_000
  expect((await asks('5')).inputs.lately).toBe(0)
  clock.at += (limits.askedInputSeconds - 3600) * 1000
  const late = [await answers('1', 'x'), await answers('5', 'x')]
  expect(late.map(({ inputs }) => inputs.asked?.answered)).toEqual([undefined, 'no'])
})

it('all of it comes back from what was saved, and is bounded', async () => {
  const { asks, answers, audit, clock } = world()
  await asks('Why?')
  await answers('Why?', 'a')
  await asks('How?')
  const saved = audit.inputs.save()
  expect(new AskedInputs(JSON.parse(JSON.stringify(saved)) as typeof saved).save()).toEqual(saved)
  const [first] = await audit.entries(0, 1)
  if (first?.leaf.kind !== 'decision') throw new Error('the first is no decision')
  const many = new AskedInputs()
  for (let i = 0; i <= limits.askedInputs; i += 1)
    many.follow({ ...first.leaf, sub: `hmac:${String(i)}` })
  const { questions, lanes } = many.save()
  expect([questions.length, lanes.length]).toEqual([limits.askedInputs, limits.askedInputs])
  const lane = { server: 'ops', kind: 'elicitation' }
  const definition = first.leaf.binding.definition_digest ?? ''
  const at = Math.floor(clock.at / 1000)
  const found = ['hmac:0', 'hmac:1'].map(
    (subject) => many.find({ ...lane, subject }, definition, '', at)?.answered,
  )
  expect(found).toEqual([undefined, 'no'])
})
