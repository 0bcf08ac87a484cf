/**
 * countersign log verify on the world.leaves of a real service: whole logs are verified, and of every forgery the first wrong
 * thing is named, and where it is.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { logCommands } from '../../../scripts/log/commands.ts'
import type { DecisionLeaf } from '../../../service/contract/leaf.ts'
import { commandHere, runHere } from '../../support/in-process.ts'
import { vkeyOf } from '../../support/published-log.ts'
import { allForgeries } from './forgeries.ts'
import { createLogWorld, questions, type LogWorld } from './log-world.ts'

const home = mkdtempSync(join(tmpdir(), 'countersign-verify-'))
const log = join(home, 'export')
const file = (name: string): string => join(home, name)
let world: LogWorld

beforeAll(async () => {
  world = await createLogWorld(home)
}, 240_000)
beforeEach(() => {
  world.republish()
  rmSync(file('seen'), { force: true })
})
afterAll(() => {
  rmSync(home, { recursive: true, force: true })
})

type Report = {
  readonly exit: number
  readonly text: string
  readonly verified: boolean
  readonly checked: Readonly<Record<string, number>>
  readonly seen: { readonly size: number } | null
  readonly fault: Readonly<Record<string, unknown>> | null
}

async function verified(...given: readonly string[]): Promise<Report> {
  const { exit, json, text } = await runHere(logCommands, ['verify', ...given])
  return { exit, text, ...(json as Omit<Report, 'exit' | 'text'>) }
}

describe('a whole log is verified', () => {
  const tar = (name: string, ...given: readonly string[]): string => {
    execFileSync('tar', [...given, '-f', file(name), '-C'].concat(log, '.'))
    return file(name)
  }
  it.each([
    ['in a directory', () => log],
    ['in a tarball', () => tar('log.tar', '-c')],
    ['in a tarball by gzip', () => tar('log.tar.gz', '-cz')],
    [
      'in a tarball with a folder',
      () => (execFileSync('tar', ['-cf', file('f.tar'), '-C', home, 'export']), file('f.tar')),
    ],
    ['as the service published it, in the data of its tenant', () => file('tenant')],
  ])('%s', async (_name, place) => {
    const { exit, fault, checked, text } = await verified(place())
    expect([exit, fault]).toEqual([0, null])
    expect(checked).toMatchObject({ leaves: world.tokens.length, outcomes: questions })
    expect(text).toContain('hold it against the one you trust')
  })

  it('by keys that the auditor has from elsewhere', async () => {
    writeFileSync(file('log.vkey'), vkeyOf('localhost/dev', world.honest))
    writeFileSync(file('jwks.json'), JSON.stringify(world.publication.jwks))
    rmSync(join(log, 'keys'), { recursive: true })
    const keys = ['--vkey', file('log.vkey'), '--jwks', file('jwks.json')]
    expect(await verified(log, ...keys, '--origin', 'localhost/dev')).toMatchObject({ exit: 0 })
  })

  it('at a size whose partial tile is gone because the full one is there', async () => {
    world.past(200)
    const checkpoint = readFileSync(join(log, 'checkpoint'))
    world.republish()
    world.write('checkpoint', checkpoint)
    expect(await verified(log)).toMatchObject({ exit: 0, checked: { leaves: 200 } })
  })
})

it.each(allForgeries())('refuses %s, and says where it is', async (_what, forge, fault) => {
  forge(world)
  const report = await verified(log)
  expect(report).toMatchObject({ exit: 1, verified: false, fault: fault(world) })
  expect(report.text).toMatch(/^not verified: (?:leaf \d+|[\w/.:-]+.*): expected .*; found /u)
})

describe('what one export cannot show, another look can', () => {
  const seen = (): Promise<Report> => verified(log, '--seen', file('seen'))

  it('a cut back to an older checkpoint that was signed', async () => {
    expect(await seen()).toMatchObject({ exit: 0, seen: null })
    world.past(100)
    expect(await verified(log)).toMatchObject({ exit: 0, checked: { leaves: 100 } })
    const fault = { check: 'seen', found: '100: the log was cut back' }
    expect(await seen()).toMatchObject({ exit: 1, fault })
  })

  it('a history that was rewritten by whoever holds all keys', async () => {
    world.past(world.first('decision', 20) + 1)
    expect(await seen()).toMatchObject({ exit: 0 })
    const at = world.first('decision', 20)
    const { effect } = world.leaves[at] as DecisionLeaf
    world.republish({
      tokens: world.edit(at, { effect: effect === 'deny' ? 'permit' : 'deny' }).slice(0, at + 1),
    })
    expect(await verified(log)).toMatchObject({ exit: 0 })
    const fault = { check: 'seen', found: expect.stringContaining('rewritten') }
    expect(await seen()).toMatchObject({ exit: 1, fault })
  })

  it('another key', async () => {
    expect(await seen()).toMatchObject({ exit: 0 })
    world.republish({ signer: world.thief })
    // Its first leaves name the key of its checkpoints.
    const named = { check: 'note_key', index: 1 }
    expect(await verified(log)).toMatchObject({ exit: 1, fault: named })
    expect(await seen()).toMatchObject({ exit: 1, fault: { check: 'note_key' } })
    writeFileSync(file('log.vkey'), vkeyOf('localhost/dev', world.honest))
    const fault = { check: 'note_key' }
    expect(await verified(log, '--vkey', file('log.vkey'))).toMatchObject({ exit: 1, fault })
  })

  it('and a log that has grown is followed', async () => {
    world.past(100)
    expect(await seen()).toMatchObject({ exit: 0, seen: null })
    world.republish()
    expect(await seen()).toMatchObject({ exit: 0, seen: { size: 100 } })
    expect(await seen()).toMatchObject({ exit: 0, seen: { size: world.tokens.length } })
    expect(await verified(log, '--origin', 'localhost/acme')).toMatchObject({ exit: 1 })
  })

  it('and what did not verify is not remembered', async () => {
    world.flip('tile/entries/000', 2)
    expect(await seen()).toMatchObject({ exit: 1 })
    expect(() => readFileSync(file('seen'))).toThrow('ENOENT')
  })
})

it('reconstructs from an export as from the data', async () => {
  const asked = ['--tenant', 'dev', '--json']
  const { stdout: exported } = await commandHere(['log', 'reconstruct', log, ...asked])
  const { stdout: own } = await commandHere(['log', 'reconstruct', file('tenant'), ...asked])
  expect(exported).toEqual(own)
})
