/** Every argument of every command, spoiled in every way that its kind knows: one line, an exit code, nothing written. */
import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Command } from '../../../scripts/command/command.ts'
import { groups } from '../../../scripts/command/groups.ts'
import { commandHere } from '../../support/in-process.ts'
import { describeWithParts } from '../../support/parts.ts'
import { at, brokenContents, removeAll, top } from './broken.ts'
import { kinds, kindsOfOptions, type Kind, type Wrong } from './kinds.ts'
import { rows, type Row } from './rows.ts'

const commands = new Map<string, Command>()
for (const [group, load] of Object.entries(groups))
  for (const command of await load()) commands.set(`${group} ${command.name}`, command)

/** Every file below the folder, with what is in it. */
function contentsOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const found = lstatSync(join(folder, name))
      const content = found.isFile() ? readFileSync(join(folder, name)) : ''
      return `${name} ${createHash('sha256').update(content).digest('hex')}`
    })
}

let before: readonly string[]
beforeAll(() => {
  before = contentsOf(top)
})
afterAll(removeAll)

/** @param said what the line must say besides what to change */
async function expectRefusal(given: readonly string[], said: RegExp, exit = 2): Promise<void> {
  const { status, stdout, stderr } = await commandHere(given)
  const answer = exit === 1 ? stdout : stderr
  expect({ status, other: exit === 1 ? stderr : stdout }).toEqual({ status: exit, other: '' })
  expect(answer).toMatch(exit === 1 ? /^[^\n]+\n$/u : /^countersign: [^\n]+\n$/u)
  expect(answer).toMatch(said)
  if (exit !== 1) expect(answer).toMatch(remedy)
  expect(contentsOf(top)).toEqual(before)
}

/** A line that says what to change tells somebody to do something. */
const remedy =
  /\b(?:name|write|give|say|choose|make|mend|correct|start|take|put|place|create|decrypt|push|transfer|add|needs|see)\b/iu

type Options = Readonly<Record<string, string>>

function argv(name: string, positionals: readonly string[], options: Options): readonly string[] {
  const given = Object.entries(options).flatMap(([option, value]) => [`--${option}=${value}`])
  return [...name.split(' '), ...given, '--', ...positionals]
}

const usableOf = ({ takes }: Row): readonly string[] => takes.map(([, usable]) => usable)

/** Options that are given in place of a token. */
const withoutToken = ['data', 'log']

/** What makes an option count: a secret is read for a remote place alone, the data for want of a token. */
function besides(option: string, row: Row, { options }: Command): readonly [string[], Options] {
  const places = ['bundle', 'signed bundle', 'policy', 'target']
  const isAsking = ['url', 'data', 'token-file'].includes(option) && row.asking !== undefined
  const positionals = isAsking ? [row.asking] : [...usableOf(row)]
  const { 'token-file': token, ...others } = row.needs
  if (withoutToken.includes(option)) return [positionals, others]
  if (option === 'url') return [positionals, { ...others, 'token-file': at('token') }]
  if (option !== 'password-file' && option !== 'bearer-token-file')
    return [positionals, token === undefined ? others : { ...others, 'token-file': token }]
  const remote =
    option === 'password-file' ? 'oci://127.0.0.1:9/a/b:c' : 'http://127.0.0.1:9/a.tar.gz'
  const needs = {
    ...others,
    internal: 'yes',
    ...(option === 'password-file' ? { username: 'u' } : {}),
  }
  const { internal: _flag, ...rest } = needs
  const place = row.takes.findIndex(([kind]) => places.includes(kind))
  if (place >= 0) return [positionals.with(place, remote), rest]
  return [
    positionals,
    { ...rest, [Object.hasOwn(options, 'previous') ? 'previous' : 'bundle']: remote },
  ]
}

type Spoiled = readonly [what: string, given: readonly string[], said: RegExp, exit: number]

function spoiledOptions(name: string, command: Command, row: Row): readonly Spoiled[] {
  return Object.entries(command.options).flatMap(([option, { type }]) => {
    if (type === 'boolean') return []
    const kind = row.kinds?.[option] ?? kindsOfOptions[option]
    if (kind === undefined) return []
    const [positionals, needs] = besides(option, row, command)
    return wrongOf(kind).map(([what, value, said, exit = 2]): Spoiled => [
      `--${option}: ${what}`,
      argv(name, positionals, { ...needs, [option]: value }),
      said,
      exit,
    ])
  })
}

function spoiledPositionals(name: string, row: Row): readonly Spoiled[] {
  return row.takes.flatMap(([kind], i) =>
    wrongOf(kind).map(([what, value, said, exit = 2]): Spoiled => [
      `argument ${String(i + 1)}: ${what}`,
      argv(name, usableOf(row).with(i, value), row.needs),
      said,
      exit,
    ]),
  )
}

function wrongOf(kind: Kind): readonly Wrong[] {
  return kinds[kind]
}

it('every command has a row, and every option a kind', () => {
  expect([...commands.keys()].sort()).toEqual(Object.keys(rows).sort())
  const unknown = [...commands].flatMap(([name, { options }]) =>
    Object.entries(options)
      .filter(([option, { type }]) => type === 'string' && !Object.hasOwn(kindsOfOptions, option))
      .filter(([option]) => rows[name]?.kinds?.[option] === undefined)
      .map(([option]) => `${name} --${option}`),
  )
  expect(unknown).toEqual([])
})

describeWithParts.each([...commands])('countersign %s', (name, command) => {
  const row = rows[name]
  if (row === undefined) return
  it.each([...spoiledPositionals(name, row), ...spoiledOptions(name, command, row)])(
    '%s',
    async (_what, given, said, exit) => {
      await expectRefusal(given, said, exit)
    },
  )

  it('an option that it does not have, and an argument too many', async () => {
    await expectRefusal([...name.split(' '), '--nonsense'], /--nonsense/u)
    const many = Array.from({ length: 9 }, (_, i) => `more-${String(i)}`)
    await expectRefusal(
      argv(name, [...usableOf(row), ...many], row.needs),
      /argument|Name|Give|more-/u,
    )
  })

  it('says what its exit codes are', async () => {
    const { status, stdout } = await commandHere([...name.split(' '), '--help'])
    expect(status).toBe(0)
    expect(stdout).toMatch(/Exit code/u)
  })
})

describeWithParts.each(Object.entries(brokenContents))('%s', (what, { file, of }) => {
  const reading = Object.entries(rows).filter(([, { reads }]) => reads.includes(of))

  it.each(reading)('is said at its place by countersign %s', async (name, row) => {
    const given = argv(name, usableOf(row), { ...row.needs, project: at(what) })
    const { status, stdout, stderr } = await commandHere(given)
    // To some commands a broken file is the answer, to others it is in the way.
    expect([1, 2]).toContain(status)
    const answer = status === 1 ? stdout : stderr
    expect(status === 1 ? stderr : stdout).toBe('')
    const lines = answer
      .split('\n')
      .filter((line) => line.includes(`${what}/${file}`) || line.includes(file))
    expect(lines).toHaveLength(1)
    if (status === 2) expect(answer).toMatch(/^countersign: [^\n]+\n$/u)
    expect(contentsOf(top)).toEqual(before)
  })
})
