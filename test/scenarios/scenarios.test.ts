/** Every scenario, played over HTTP on the real service; and what the player says when one comes otherwise. */
import { describe, expect, it } from '@jest/globals'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { scenarioCommands } from '../../scripts/scenario/commands.ts'
import type { Played } from '../../scripts/scenario/play.ts'
import { runHere } from '../support/in-process.ts'

const folder = import.meta.dirname
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'))
type Result = { readonly failed: number; readonly played: readonly Played[] }

describe('the scenarios', () => {
  it('all come as they are wanted, one after another on one service', async () => {
    const named = files.map((name) => join(folder, name))
    const { exit, text, json } = await runHere(scenarioCommands, ['run', ...named])
    const { played } = json as Result
    expect(played.flatMap(({ failures }) => failures)).toEqual([])
    expect(played).toHaveLength(files.length)
    expect(files.length).toBeGreaterThanOrEqual(30)
    expect(exit).toBe(0)
    expect(text).toContain(`${String(files.length)} scenarios, 0 failed`)
  }, 180_000)
})

describe('a scenario that comes otherwise', () => {
  const original = readFileSync(join(folder, 'kill-switch.yaml'), 'utf8')
  const written = (change: (text: string) => string): string => {
    const file = join(mkdtempSync(join(tmpdir(), 'countersign-scenario-')), 'own.yaml')
    writeFileSync(file, change(original).replace('tenant/', `${folder}/tenant/`))
    return file
  }

  it('is told by file, line and step, and fails', async () => {
    const own = written((text) => text.replace('want: permit', 'want: hold'))
    const other = written((text) => text.replace('  - kill_switch_lifted\n', ''))
    const { exit, json } = await runHere(scenarioCommands, ['run', own, other])
    expect((json as Result).played.flatMap(({ failures }) => failures)).toMatchObject([
      { file: own, line: 6, step: '1', message: 'wanted "hold", and "permit" came' },
      {
        ...{ file: other, step: 'timeline' },
        message: 'entry 4: wanted "permit ops/tool:restart", and "kill_switch_lifted" came',
      },
    ])
    expect(exit).toBe(1)
  }, 60_000)

  it.each([
    ['a step of no kind', 'lift: stop', 'raise: stop', /a step has exactly one of ask, report/u],
    ['a step that is not there', 'lift: stop', 'lift: halt', /there is no step "halt" before/u],
    ['an effect that there is not', 'want: permit', 'want: allow', /own\.yaml:6:\d+: error: /u],
    ['a misspelt member', 'with: {', 'wiht: {', /wiht/u],
    ['a registry that is not there', 'registry.yaml', 'gone.yaml', /gone\.yaml.*no such file/u],
  ])('is not played with %s', async (_what, before, instead, said) => {
    const own = written((text) => text.replace(before, instead))
    await expect(runHere(scenarioCommands, ['run', own])).rejects.toThrow(said)
  })
})
