/** Who consented, reconstructed from the data of a real service that has stopped. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { logCommands } from '../../../scripts/log/commands.ts'
import type { Missing, Step } from '../../../scripts/log/reconstruct/steps.ts'
import type { DecisionAnswer } from '../../../service/contract/decision.ts'
import type { EventLeaf } from '../../../service/contract/leaf.ts'
import { answer } from '../../support/approver.ts'
import { queriesByEffect, startDevelopmentService } from '../../support/development-service.ts'
import { runHere } from '../../support/in-process.ts'
import { leafOf, tokensIn } from '../../support/segment.ts'

const home = mkdtempSync(join(tmpdir(), 'countersign-consents-'))
const log = join(home, 'tenants', 'dev')
let permit: DecisionAnswer
let refused: DecisionAnswer
let voter: string
let stranger: string

beforeAll(async () => {
  const data = join(home, 'data')
  const service = await startDevelopmentService({ data })
  const { hold } = await queriesByEffect(service.keys)
  const id = (await service.ask(hold)).hold?.id ?? ''
  // Nobody is asked twice: the same question joins the request.
  await service.ask(hold)
  await answer(service, id, 'mallory', { groups: ['staff'] })
  const { body } = await answer(service, id, 'rita')
  voter = (body['approval'] as { votes: { person: string }[] }).votes[0]?.person ?? ''
  permit = await service.ask(hold)
  await service.post(`/v1/decisions/${permit.decision_id}/outcome`, { status: 'executed' })
  refused = await service.ask(hold)
  await answer(service, refused.hold?.id ?? '', 'rita', { verdict: 'deny' })
  cpSync(join(data, 'tenants'), join(home, 'tenants'), { recursive: true })
  await service.stop()
  const refusal = tokensIn(join(log, 'log'))
    .map(leafOf)
    .find(({ kind }) => kind === 'approval_vote_refused')
  stranger = String((refusal as EventLeaf).event['voter'])
})
afterAll(() => {
  rmSync(home, { recursive: true, force: true })
})

type Told = { exit: number; steps: readonly Step[]; missing: readonly Missing[]; text: string }

async function told(...given: readonly string[]): Promise<Told> {
  const { exit, json, text } = await runHere(logCommands, ['reconstruct', log, ...given])
  return { exit, text, ...(json as Pick<Told, 'steps' | 'missing'>) }
}

const kinds = (steps: readonly Step[]): readonly string[] =>
  steps.map((step) => (step.kind === 'decision' ? step.said.effect : step.kind))
const all = [
  'hold',
  'hold',
  'approval_vote_refused',
  'approval_vote',
  'permit',
  'hold',
  'approval_vote',
]

it('every hold has its answer, and the permit its consents', async () => {
  const { exit, steps, missing, text } = await told('--server', 'ops')
  expect([exit, missing, kinds(steps)]).toEqual([0, [], all])
  expect(steps[4]).toMatchObject({
    decision_id: permit.decision_id,
    consents: [{ voter, person: voter, assurance: 'signed_in', index: steps[3]?.index }],
  })
  expect(steps[0]).toMatchObject({ hold: { answered_by: steps[4]?.index } })
  expect(steps[5]).toMatchObject({
    decision_id: refused.decision_id,
    hold: { answered_by: steps[6]?.index },
  })
  expect(text).toMatch(/consent {3}hmac:[0-9a-f]{64}, signed in, at .* was shown sha256:/u)
})

it('an approver is found: what was asked, said and then permitted', async () => {
  const { exit, steps } = await told('--approver', voter)
  expect([exit, kinds(steps)]).toEqual([0, all.filter((kind) => !kind.endsWith('refused'))])
})

it('who may not vote was asked, and has approved nothing', async () => {
  const { steps } = await told('--approver', stranger)
  expect(kinds(steps).slice(0, 3)).toEqual(['hold', 'hold', 'approval_vote_refused'])
  expect(kinds(steps)).not.toContain('permit')
})
