/** countersign log reconstruct, on the data of a real service that has stopped: what is told, and what is missed. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { logCommands } from '../../../scripts/log/commands.ts'
import type { DecisionStep, Missing, Step } from '../../../scripts/log/reconstruct/steps.ts'
import type { DecisionAnswer } from '../../../service/contract/decision.ts'
import type { DecisionLeaf } from '../../../service/contract/leaf.ts'
import { digestOfJson } from '../../../service/statement/digest.ts'
import { queriesByEffect, startDevelopmentService } from '../../support/development-service.ts'
import { commandHere, runHere } from '../../support/in-process.ts'
import { leafOf, payloadOf, rewrite, saying, tokensIn } from '../../support/segment.ts'

const home = mkdtempSync(join(tmpdir(), 'countersign-log-'))
const data = join(home, 'data')
const log = join(home, 'tenants', 'dev')
let permit: DecisionAnswer
let hold: DecisionAnswer
let unreported: DecisionAnswer
let tokens: readonly string[]

beforeAll(async () => {
  const service = await startDevelopmentService({ data })
  const queries = await queriesByEffect(service.keys)
  permit = await service.ask(queries.permit)
  await service.post(`/v1/decisions/${permit.decision_id}/outcome`, { status: 'executed' })
  const scope = { kind: 'server', server: 'ops' }
  const stop = await service.post('/v1/stops', { scope, reason: 'an incident' })
  await service.ask(queries.permit)
  await service.post(`/v1/stops/${String(stop.body['id'])}/lift`, { reason: 'it is over' })
  hold = await service.ask(queries.hold)
  unreported = await service.ask((await queriesByEffect(service.keys)).permit)
  // A service that stops removes its data: what is asked for here is what a crash would leave.
  cpSync(join(data, 'tenants'), join(home, 'tenants'), { recursive: true })
  await service.stop()
  tokens = tokensIn(join(log, 'log'))
})
afterAll(() => {
  rmSync(home, { recursive: true, force: true })
})

type Told = { exit: number; steps: readonly Step[]; missing: readonly Missing[]; text: string }

async function told(...given: readonly string[]): Promise<Told> {
  const { exit, json, text } = await runHere(logCommands, ['reconstruct', log, ...given])
  return { exit, text, ...(json as Pick<Told, 'steps' | 'missing'>) }
}

it('tells who asked, for what, why, what policy said and what then ran, with no index', async () => {
  rmSync(join(log, 'index'), { recursive: true })
  const { exit, steps, missing, text } = await told('--workflow', permit.workflow.id)
  expect([exit, missing]).toEqual([0, []])
  const { sub } = leafOf(permit.token) as { readonly sub?: string }
  expect(steps).toMatchObject([
    {
      decision_id: permit.decision_id,
      who: { initiator: sub, gateway: 'dev-gateway', disclosed: null },
      what: { server: 'ops', key: 'tool:status', phase: 'request' },
      why: { code: 'incident.restore' },
      said: { effect: 'permit', rules: ['capability.granted'], policy: permit.binding.policy },
      outcome: { status: 'executed' },
    },
  ])
  expect(text).toMatch(/permit {2}tool:status at ops[^]*then {6}executed at .* \(leaf 5\)/u)
})

describe('an option chooses what is told', () => {
  const keys = (steps: readonly Step[]): readonly string[] =>
    steps.map((step) => (step.kind === 'decision' ? String(step.what.key) : step.kind))

  it.each([
    [
      '--server',
      'ops',
      [
        'tool:status',
        'kill_switch',
        'tool:status',
        'kill_switch_lifted',
        'tool:deploy',
        'tool:status',
      ],
    ],
    ['--server', 'another', []],
    ['--purpose', 'incident.restore', ['tool:status', 'tool:status', 'tool:deploy', 'tool:status']],
    ['--purpose', 'another', []],
    ['--grant', 'another', []],
    ['--tenant', 'another', []],
    ['--initiator', `hmac:${'0'.repeat(64)}`, []],
  ])('%s %s', async (option, value, expected) => {
    expect(keys((await told(option, value)).steps)).toEqual(expected)
  })

  it('the person and the grant of a decision, each by its name in the leaf', async () => {
    const leaf = leafOf(permit.token) as DecisionLeaf
    const initiator = await told('--initiator', String(leaf.sub))
    expect(keys(initiator.steps)).toHaveLength(4)
    const { steps } = await told('--grant', String(leaf.purpose?.grant_id))
    expect(keys(steps)).toContain('tool:status')
  })

  it('everything of a tenant, the events of the service too, and a time of it', async () => {
    const all = await told('--tenant', 'dev')
    expect(keys(all.steps).slice(0, 3)).toEqual(['key_rotation', 'key_rotation', 'start'])
    expect(all.steps).toHaveLength(tokens.length - 1)
    const end = new Date((leafOf(tokens.at(-1) ?? '').iat + 1) * 1000).toISOString()
    expect((await told('--tenant', 'dev', '--to', end)).steps).toEqual(all.steps)
    expect((await told('--tenant', 'dev', '--from', end)).steps).toEqual([])
  })

  it('a permit under a stop is told as the denial that it was', async () => {
    const { steps } = await told('--server', 'ops')
    const [, , stopped] = steps
    expect((stopped as DecisionStep).said).toMatchObject({
      effect: 'deny',
      reasons: [{ code: 'stop.server' }],
    })
  })
})

describe('what is missing is said', () => {
  const missed = async (...given: readonly string[]): Promise<readonly string[]> => {
    const { exit, missing, text } = await told(...given)
    expect(exit).toBe(1)
    for (const one of missing) expect(text).toContain(`leaf ${String(one.index)}: ${one.text}`)
    return missing.map(({ kind, index }) => `${kind} ${String(index)}`)
  }
  const changed = async (
    change: (tokens: readonly string[]) => readonly string[],
    act: () => Promise<void>,
  ): Promise<void> => {
    rewrite(join(log, 'log'), change(tokens))
    try {
      await act()
    } finally {
      rewrite(join(log, 'log'), tokens)
    }
  }
  const at = (answer: DecisionAnswer): number => answer.log.index
  const insert = (token: string) => (all: readonly string[]) => [...all, token]

  it('an outcome of a permit', async () => {
    expect(await missed('--workflow', unreported.workflow.id)).toEqual([
      `outcome ${String(at(unreported))}`,
    ])
  })

  it('the answer to a hold: open while it stands, unanswered once it has expired', async () => {
    const asked = ['--workflow', hold.workflow.id]
    expect(await missed(...asked)).toEqual([`open_hold ${String(at(hold))}`])
    const [start = ''] = tokens
    const later = saying(start, { iat: leafOf(hold.token).iat + 24 * 3600, index: tokens.length })
    await changed(insert(later), async () => {
      expect(await missed(...asked)).toEqual([`unanswered_hold ${String(at(hold))}`])
    })
  })

  it('a hold that a decision on the same action answers is not missed', async () => {
    const { iat, workflow } = leafOf(hold.token) as DecisionLeaf
    const answer = saying(hold.token, {
      ...{ effect: 'deny', jti: 'dec_later', iat, index: tokens.length, hold: undefined },
      workflow: { ...workflow, seq: 1, prev: digestOfJson('leaf-payload', payloadOf(hold.token)) },
    })
    await changed(insert(answer), async () => {
      const { steps, missing } = await told('--workflow', hold.workflow.id)
      expect(missing).toEqual([])
      expect(steps).toMatchObject([{ hold: { answered_by: tokens.length } }, { hold: null }])
    })
  })

  it('a leaf of the workflow that was taken out, and the decision of an outcome', async () => {
    await changed(
      (all) => all.filter((_, index) => index !== at(permit)),
      async () => {
        expect(await missed('--workflow', permit.workflow.id)).toEqual(
          ['decision 5', 'workflow_gap 4'].toReversed(),
        )
      },
    )
  })

  it('a leaf that is none', async () => {
    await changed(
      (all) => all.with(at(permit), 'not.a.leaf'),
      async () => {
        expect(await missed('--server', 'ops')).toContain(`unreadable_leaf ${String(at(permit))}`)
      },
    )
  })
})

it('prints nothing that could steer a terminal', async () => {
  const token = saying(permit.token, { aud: 'gate\u001b[2Jway' })
  rewrite(join(log, 'log'), tokens.with(permit.log.index, token))
  const { text } = await told('--workflow', permit.workflow.id)
  rewrite(join(log, 'log'), tokens)
  expect(text).toContain('gate\\u{1b}[2Jway')
})

it.each([
  ['no log', ['/nowhere', '--tenant', 'dev'], /no such file/u],
  ['a directory without a log', [tmpdir(), '--tenant', 'dev'], /holds no log/u],
  ['nothing asked', [log], /Say what to tell/u],
  ['a date that is none', [log, '--tenant', 'dev', '--from', 'yesterday'], /--from yesterday/u],
  ['half a person', [log, '--initiator', 'alice'], /pseudonym/u],
  ['a person nobody disclosed', [log, '--initiator', 'https://i.example alice'], /No disclosure/u],
])('says on one line what is wrong: %s', async (_name, given, message) => {
  const ran = await commandHere(['log', 'reconstruct', ...given])
  expect([ran.status, ran.stdout]).toEqual([2, ''])
  expect(ran.stderr).toMatch(message)
  expect(ran.stderr.trimEnd().split('\n')).toHaveLength(1)
})
