/** countersign log evidence, on what a real service left and on leaves that say what it seldom has to. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { logCommands } from '../../../scripts/log/commands.ts'
import { frameworkNames } from '../../../scripts/log/evidence/frameworks.ts'
import type { ControlEvidence, Evidence } from '../../../scripts/log/evidence/tally.ts'
import { disclosureDigest } from '../../../scripts/log/read/leaf-digests.ts'
import { runHere } from '../../support/in-process.ts'
import { newNoteSigner, publish, put } from '../../support/published-log.ts'
import { leafOf, rewrite, saying, tokensIn } from '../../support/segment.ts'
import { createRecordedWorld, type RecordedWorld } from './recorded-world.ts'

const home = mkdtempSync(join(tmpdir(), 'countersign-evidence-'))
let world: RecordedWorld
let tokens: readonly string[]
beforeAll(async () => {
  world = await createRecordedWorld()
  tokens = tokensIn(join(world.tenant, 'log'))
})
afterAll(() => {
  world.remove()
  rmSync(home, { recursive: true, force: true })
})

type Told = Evidence & { readonly exit: number; readonly text: string }

async function told(log: string, framework: string, ...given: readonly string[]): Promise<Told> {
  const args = ['evidence', log, '--framework', framework, ...given]
  const { exit, json, text } = await runHere(logCommands, args)
  return { exit, text, ...(json as Evidence) }
}

function controlOf({ controls }: Evidence, id: string): ControlEvidence {
  const found = controls.find((control) => control.id === id)
  if (found === undefined) throw new Error(`there is no control ${id}`)
  return found
}

const codeOf = (control: ControlEvidence, code: string) =>
  control.configured.find((one) => one.code === code)

/** The token of a decision. */
function tokenOf(id: string): string {
  return tokens.find((token) => leafOf(token).jti === id) ?? ''
}

/** A copy of the log in which some leaves say something else. */
function logSaying(...changed: readonly (readonly [token: string, changes: object])[]): string {
  const copy = world.copy()
  const said = tokens.map((token) => {
    const [, changes] = changed.find(([one]) => one === token) ?? []
    return changes === undefined ? token : saying(token, changes)
  })
  rewrite(join(copy, 'log'), said)
  return copy
}

/** Of the published catalogue, counted here a second time. */
function mappedIn(member: string, label: string): readonly string[] {
  const file = join(import.meta.dirname, '../../../rego/catalogue.json')
  const { rules, service } = JSON.parse(readFileSync(file, 'utf8')) as Record<
    'rules' | 'service',
    { readonly code: string; readonly mapping: Record<string, string[]> }[]
  >
  return [...rules, ...service]
    .filter(({ mapping }) => mapping[member]?.includes(label) === true)
    .map(({ code }) => code)
}

it('what was denied, held and permitted stands under every control that its codes map to', async () => {
  const found = await told(world.tenant, 'owasp-agentic')
  expect([found.exit, found.decisions, found.not_in_catalogue]).toEqual([0, 4, []])
  expect(found.controls.map(({ id }) => id)).toHaveLength(10)
  const approvals = controlOf(found, 'ASI09')
  const held = world.hold.reasons[0]?.code ?? ''
  expect(codeOf(approvals, held)?.acted).toEqual({
    held: { count: 1, ids: [world.hold.decision_id] },
  })
  expect(approvals.acted.held).toEqual({ count: 1, ids: [world.hold.decision_id] })
  const stops = codeOf(controlOf(found, 'ASI08'), 'stop.server')
  expect(stops?.acted).toEqual({ denied: { count: 1, ids: [world.stopped.decision_id] } })
  const misuse = controlOf(found, 'ASI02')
  expect(codeOf(misuse, 'capability.granted')?.acted.permitted).toEqual({
    ...{ count: 1, ids: [world.permit.decision_id] },
  })
  expect(found.policies).toEqual([{ ...world.permit.binding.policy, decisions: 4 }])
})

it('a decision with several codes of a control counts once for it, and once for each code', async () => {
  const codes = ['capability.argument_outside', 'capability.argument_unlisted']
  const reasons = [...codes, codes[0]].map((code) => ({ code }))
  const found = await told(logSaying([tokenOf(world.deny.decision_id), { reasons }]), 'maestro')
  const control = controlOf(found, 'L3')
  const once = { count: 1, ids: [world.deny.decision_id] }
  expect(codes.map((code) => codeOf(control, code)?.acted.denied)).toEqual([once, once])
  expect(control.acted.denied).toEqual(once)
})

describe('a control', () => {
  it.each([
    ['owasp-agentic', 'owasp_asi', ''],
    ['maestro', 'maestro', ''],
    ['nist-ai-rmf', 'nist', 'AI-RMF-'],
    ['nist-csf', 'nist', 'CSF-'],
  ])('of %s has the codes that METADATA maps to it', async (name, member, prefix) => {
    const { controls } = await told(world.tenant, name)
    for (const { id, configured } of controls)
      expect(configured.map(({ code }) => code)).toEqual(mappedIn(member, `${prefix}${id}`))
  })

  it('that nothing maps to is shown as such', async () => {
    const found = await told(world.tenant, 'nist-csf', '--control', 'RC')
    expect(found.controls).toEqual([
      { ...{ id: 'RC', name: 'Recover', aliases: [], configured: [], acted: {} } },
    ])
    expect(found.text).toMatch(/^RC Recover\n {2}nothing of the catalogue maps to it/mu)
  })

  it.each([
    ['owasp-agentic', 'A1', 'ASI01'],
    ['maestro', 'GOV-2', 'L6'],
  ])('of %s is found by the label %s too', async (framework, label, id) => {
    const found = await told(world.tenant, framework, '--control', label)
    expect(found.controls.map((one) => [one.id, one.aliases])).toEqual([[id, [label]]])
    expect(found.text).toContain(`(also ${label})`)
  })

  it('that did not act is told as one that never did', async () => {
    const { text } = await told(world.tenant, 'owasp-agentic', '--control', 'ASI06')
    expect(text).toMatch(/^ASI06 .*\n {2}configured: \d+ codes \(.*\)\n {2}acted: never$/mu)
  })
})

describe('what became of a finding', () => {
  const waivable = 'capability.argument_outside'
  const acted = (found: Evidence) => codeOf(controlOf(found, 'PR'), waivable)?.acted
  const ofCode = [{ code: waivable }]

  it('in a permit it was waived', async () => {
    const log = logSaying([tokenOf(world.permit.decision_id), { reasons: ofCode }])
    const found = await told(log, 'nist-csf')
    expect(acted(found)).toEqual({ waived: { count: 1, ids: [world.permit.decision_id] } })
  })

  it('in a hold a denial was waived, and what holds was not', async () => {
    const { reasons } = world.hold
    const held = reasons[0]?.code ?? ''
    const both = [...ofCode, { code: held }]
    const found = await told(
      logSaying([tokenOf(world.hold.decision_id), { reasons: both }]),
      'nist-csf',
    )
    expect(Object.keys(acted(found) ?? {})).toEqual(['waived'])
    expect(Object.keys(codeOf(controlOf(found, 'PR'), held)?.acted ?? {})).toEqual(['held'])
  })

  it('it was observed where the gateway was told otherwise', async () => {
    const observed = {
      ...{ judged_effect: 'deny', answered_effect: 'permit', expires_at: '2100-01-01T00:00:00Z' },
      by: [{ id: 'trial', scope: 'tenant', owner: 'team' }],
    }
    const changes = { reasons: ofCode, observed }
    const found = await told(logSaying([tokenOf(world.deny.decision_id), changes]), 'nist-csf')
    expect(acted(found)).toEqual({ observed: { count: 1, ids: [world.deny.decision_id] } })
  })

  it('beside another code of a denial it may have been waived, which is said', async () => {
    const reasons = [...ofCode, { code: 'capability.group_missing' }]
    const token = tokenOf(world.deny.decision_id)
    const found = await told(logSaying([token, { reasons }]), 'nist-csf')
    expect([acted(found), found.waivers_untold]).toEqual([
      { denied: { count: 1, ids: [world.deny.decision_id] } },
      1,
    ])
    expect(found.text).toContain('may have been waived')
  })

  it('and what is disclosed says whether it was', async () => {
    const value = {
      ...{ input: {} },
      reasons: [
        { code: waivable, rule: waivable, params: { waived_by: 'exc-1' } },
        { code: 'capability.group_missing', rule: 'capability.group_missing', params: {} },
      ],
    }
    const text = JSON.stringify({ salt: 'c2FsdA', value })
    const reasons = [...ofCode, { code: 'capability.group_missing' }]
    const disclosure = { digest: disclosureDigest(text), subject: 'nobody' }
    const token = saying(tokenOf(world.deny.decision_id), { reasons, disclosure })
    const log = join(home, 'disclosed')
    publish(log, {
      ...{ tokens: [token], origin: 'localhost/dev', signer: newNoteSigner(), jwks: { keys: [] } },
    })
    put(log, 'disclosures/000.jsonl', `${JSON.stringify({ index: 0, text })}\n`)
    const found = await told(log, 'nist-csf')
    expect(acted(found)).toEqual({ waived: { count: 1, ids: [world.deny.decision_id] } })
    expect(found.waivers_untold).toBe(0)
  })

  it('what a gateway had to do is evidence, and so is a bundle that was refused', async () => {
    const obligations = [{ id: 'supply.list_filter', type: 'filter_list', properties: {} }]
    const activation = tokens.find((token) => leafOf(token).kind === 'bundle_activation') ?? ''
    const log = logSaying(
      [tokenOf(world.permit.decision_id), { obligations }],
      [activation, { kind: 'bundle_refusal', event: { reasons: ['unsigned', 'unsigned'] } }],
    )
    const supply = controlOf(await told(log, 'owasp-agentic'), 'ASI04')
    expect(codeOf(supply, 'supply.list_filter')?.acted.obliged?.count).toBe(1)
    expect(codeOf(supply, 'unsigned')?.acted).toEqual({
      refused: { count: 1, ids: [leafOf(activation).jti] },
    })
  })
})

describe('what it cannot tell fails, and is said', () => {
  it('a code that the catalogue does not have', async () => {
    const reasons = [{ code: 'team.of_another' }]
    const log = logSaying([tokenOf(world.deny.decision_id), { reasons }])
    const found = await told(log, 'nist-csf')
    expect(found).toMatchObject({ exit: 1, not_in_catalogue: [{ code: 'team.of_another' }] })
    expect(found.text).toContain('(--catalogue): team.of_another  1 denied')
  })

  it('unless the catalogue of that policy is given', async () => {
    const reasons = [{ code: 'team.of_another' }]
    const entry = {
      ...{ code: 'team.of_another', kind: 'rule', title: 'Ours', effect: 'deny', severity: 'low' },
      ...{ waivable: false, mapping: { nist: ['CSF-RC'] } },
    }
    const file = join(home, 'catalogue.json')
    writeFileSync(file, JSON.stringify({ rules: [entry], service: [] }))
    const log = join(home, 'own')
    publish(log, {
      ...{ origin: 'localhost/dev', signer: newNoteSigner(), jwks: { keys: [] } },
      tokens: [saying(tokenOf(world.deny.decision_id), { reasons })],
    })
    const found = await told(log, 'nist-csf', '--catalogue', file)
    expect([found.exit, controlOf(found, 'RC').acted.denied?.count]).toEqual([0, 1])
  })

  it('an entry that cannot be read, and a stretch that is not there', async () => {
    const spoiled = world.copy()
    rewrite(join(spoiled, 'log'), tokens.with(0, 'no leaf'))
    expect(await told(spoiled, 'maestro')).toMatchObject({ exit: 1, unreadable: 1, decisions: 4 })
    const cut = join(home, 'cut')
    cpSync(join(world.tenant, 'published'), cut, { recursive: true })
    rmSync(join(cut, 'tile/entries'), { recursive: true })
    const found = await told(cut, 'maestro')
    expect(found).toMatchObject({ exit: 1, decisions: 0 })
    expect(found.text).toContain('entries are not in this log')
  })

  it('a time in which nothing was decided', async () => {
    const found = await told(world.tenant, 'maestro', '--to', '2000-01-01')
    expect([found.exit, found.decisions]).toEqual([1, 0])
    const all = await told(world.tenant, 'maestro', '--from', '2000-01-01')
    expect([all.exit, all.decisions]).toEqual([0, 4])
  })

  it('no framework, or a control of another one', async () => {
    await expect(runHere(logCommands, ['evidence', world.tenant])).rejects.toThrow('--framework')
    const wrong = told(world.tenant, frameworkNames[0] ?? '', '--control', 'GOV-2')
    await expect(wrong).rejects.toThrow(/write one of ASI01, A1/u)
  })
})
