/** What an editor says of a policy repository, by the settings of the README: nothing of what is right, and where what is wrong is. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, matchesGlob } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { Ajv } from 'ajv'
import { parse, stringify } from 'yaml'
import { namesBelow } from '../../../scripts/command/read-file.ts'
import { policyCommands } from '../../../scripts/policy/commands.ts'
import { runHere } from '../../support/in-process.ts'
import { runOpa, testWithOpa } from '../../support/opa.ts'
import { policyRepository } from '../../support/policy-repository.ts'
import { codeUnder } from '../../support/readme.ts'

type Settings = {
  readonly 'json.schemas': readonly {
    readonly fileMatch: readonly string[]
    readonly url: string
  }[]
  readonly 'yaml.schemas': Readonly<Record<string, readonly string[]>>
  readonly 'opa.bundleMode': boolean
  readonly 'opa.roots': readonly string[]
  readonly 'opa.schema': string
}
type Json = Record<string, unknown>

const root = join(import.meta.dirname, '../../..')
const sample = join(root, 'scripts/gitops')
const [snippet = ''] = codeUnder('### In the editor', 'json')
const settings = JSON.parse(snippet) as Settings
const read = (file: string): unknown => parse(readFileSync(file, 'utf8'), { merge: true })

/** The schemas of a file, as both extensions choose them: a pattern holds in any folder. */
function schemasOf(name: string): readonly string[] {
  const rules = name.endsWith('.json')
    ? settings['json.schemas'].map(({ fileMatch, url }) => [url, fileMatch] as const)
    : Object.entries(settings['yaml.schemas'])
  return rules
    .filter(([, patterns]) => patterns.some((one) => matchesGlob(name, `**/${one}`)))
    .map(([url]) => url)
}

const ajv = new Ajv({ allErrors: true, strict: true, strictTypes: false })

/** What the editor underlines: the place, and the member that is not known there. */
function underlined(name: string, value: unknown): readonly string[] {
  const [url = ''] = schemasOf(name)
  const path = join(sample, url)
  const check = ajv.getSchema(path) ?? ajv.compile({ ...(read(path) as Json), $id: path })
  if (check(value) === true) return []
  return (check.errors ?? []).map(({ instancePath, keyword, params }) =>
    keyword === 'additionalProperties'
      ? `${instancePath}/${String(params['additionalProperty'])}`
      : `${instancePath} ${keyword}`,
  )
}

const written = (folder: string, pattern: RegExp): readonly string[] =>
  namesBelow(folder, 'a policy repository').filter((name) => pattern.test(name))

const files: readonly (readonly [string, string])[] = [
  ...written(sample, /^(?:data|golden|countersign-policy).*\.(?:ya?ml|json)$/u).map(
    (name) => [name, join(sample, name)] as const,
  ),
  ...['countersign-policy.json', 'data/registry.json'].map(
    (name) => [name, join(root, 'rego', name)] as const,
  ),
  ...written(join(root, 'test/golden'), /^[^/]+\.yaml$/u).map(
    (name) => [`golden/${name}`, join(root, 'test/golden', name)] as const,
  ),
]

it('the sample repository has the settings of the README', () => {
  expect(settings).toEqual(read(join(sample, '.vscode/settings.json')))
  expect(files.length).toBeGreaterThan(10)
})

it.each(files)('%s has one schema, which finds nothing', (name, file) => {
  expect(schemasOf(name)).toHaveLength(1)
  expect(underlined(name, read(file))).toEqual([])
})

it.each(written(sample, /^(?:schemas|definitions|\.vscode)\/.*json$/u))('%s has none', (name) => {
  expect(schemasOf(name)).toEqual([])
})

describe('a field that is wrong is pointed at', () => {
  const helpdesk = 'data/registry/servers/helpdesk.yaml'
  const search = '/servers/helpdesk/capabilities/tool:search_tickets'

  it.each([
    ['a misspelt member', helpdesk, /owner:/u, 'onwer:', '/servers/helpdesk/onwer'],
    [
      'a misspelt member of a bound',
      helpdesk,
      /max_length: 64\n/u,
      'max_len: 64\n',
      `${search}/bounds/0/max_len`,
    ],
    [
      'an effect that there is not',
      helpdesk,
      /reads_private/u,
      'reads_all',
      `${search}/effects/0 enum`,
    ],
    [
      'a digest that is none',
      helpdesk,
      /sha256:0ee/u,
      'sha256:',
      `${search}/definition_digest pattern`,
    ],
    [
      'a bound without its path',
      helpdesk,
      /path: \[service\]\n {12}/u,
      '',
      `${search}/bounds/0 required`,
    ],
    ['a date that is text', helpdesk, /1893456000/u, 'soon', '/servers/helpdesk/review_by type'],
    ['a part that no registry has', helpdesk, /servers:/u, 'server:', '/server'],
    [
      'a purpose of an unknown member',
      'data/registry/purposes.yaml',
      /title:/u,
      'titel:',
      '/titel',
    ],
    [
      'a case that wants nothing',
      'golden/team.yaml',
      /want:/u,
      'wants:',
      '/golden/cases/team/0 required',
    ],
    [
      'an effect that no answer has',
      'golden/team.yaml',
      /effect: permit/u,
      'effect: maybe',
      '/golden/cases/team/0/want/effect enum',
    ],
    ['a folder of an unknown kind', 'countersign-policy.json', /"golden"/u, '"cases"', '/cases'],
    ['a pack that there is not', 'countersign-policy.json', /"default"/u, '"other"', '/pack'],
  ])('%s', (_what, name, from, to, at) => {
    const text = readFileSync(join(sample, name), 'utf8')
    const changed = text.replace(from, to)
    expect(changed).not.toBe(text)
    const found = underlined(name, parse(changed, { merge: true }))
    expect(found.join('\n')).toContain(at)
  })

  it('and a whole registry lacks what no other file can say', () => {
    const { parameters: _parameters, ...rest } = read(join(root, 'rego/data/registry.json')) as Json
    expect(underlined('data/registry.json', rest)).toEqual([' required'])
    expect(underlined('data/registry/rest.json', rest)).toEqual([])
    expect(underlined('data/registry.yaml', parse(stringify(rest)))).toEqual([' required'])
  })
})

describe('OPA, as its extension calls it on each save', () => {
  const top = mkdtempSync(join(tmpdir(), 'countersign-editor-'))
  afterAll(() => {
    rmSync(top, { recursive: true, force: true })
  })
  const folder = join(top, 'acme-policy')
  const rule = join(folder, 'rules/rule/team/ticket_required/ticket_required.rego')
  cpSync(sample, folder, { recursive: true })
  symlinkSync(root, join(top, 'countersign'))
  const check = () => {
    const at = (path: string): string => path.replace('${workspaceFolder}', `file://${folder}`)
    const roots = settings['opa.roots'].map(at)
    const bundle = settings['opa.bundleMode'] ? ['--bundle'] : []
    const schema = `--schema=${at(settings['opa.schema'])}`
    return runOpa(['check', ...bundle, ...roots, schema, '--strict'])
  }

  testWithOpa('finds nothing in the sample', () => {
    expect(check()).toEqual({ status: 0, printed: '' })
  })

  testWithOpa('refuses a member of the input that no question has, at its line', () => {
    const text = readFileSync(rule, 'utf8')
    const changed = text.replace('input.question.phase', 'input.question.fase')
    expect(changed).not.toBe(text)
    writeFileSync(rule, changed)
    const line = changed.slice(0, changed.indexOf('fase')).split('\n').length
    const { status, printed } = check()
    expect(status).toBe(1)
    expect(printed).toContain(
      `ticket_required.rego:${String(line)}: rego_type_error: undefined ref: input.question.fase`,
    )
  })
})

describe('countersign policy schemas', () => {
  it('writes those of this version, and tells when one is not', async () => {
    const folder = policyRepository()
    const schemas = (...given: string[]) =>
      runHere(policyCommands, ['schemas', '--project', folder, ...given])
    expect(await schemas('--check')).toMatchObject({ exit: 1 })
    expect(await schemas()).toMatchObject({ exit: 0 })
    expect(await schemas('--check')).toMatchObject({ exit: 0 })
    const names = written(join(sample, 'schemas'), /\.json$/u)
    expect(written(join(folder, 'schemas'), /\.json$/u)).toEqual(names)
    for (const name of names)
      expect(readFileSync(join(folder, 'schemas', name))).toEqual(
        readFileSync(join(sample, 'schemas', name)),
      )
    writeFileSync(join(folder, 'schemas/golden.schema.json'), '{}')
    expect((await schemas('--check')).text).toMatch(
      /golden\.schema\.json:1:1: error: .*\n1 errors/u,
    )
    expect((await schemas()).json).toEqual({
      written: [join(folder, 'schemas/golden.schema.json')],
    })
  })
})
