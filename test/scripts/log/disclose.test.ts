/** countersign log disclose: an auditor gets the fields he may see, and holds them against the leaf without us. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { logCommands } from '../../../scripts/log/commands.ts'
import type { ShownFile } from '../../../scripts/log/read/shown-file.ts'
import { digestOfText } from '../../../service/statement/digest.ts'
import { isOfLeaf } from '../../../scripts/log/read/disclosure-of.ts'
import { changeTokens } from '../../support/disclosing-segment.ts'
import { runHere } from '../../support/in-process.ts'
import { leafOf } from '../../support/segment.ts'
import { createRecordedWorld, type RecordedWorld } from './recorded-world.ts'

let world: RecordedWorld
let file = ''
beforeAll(async () => {
  world = await createRecordedWorld()
  file = join(world.home, 'shown.json')
})
afterAll(() => {
  world.remove()
})

const disclose = (...given: readonly string[]): ReturnType<typeof runHere> =>
  runHere(logCommands, ['disclose', world.tenant, world.permit.decision_id, ...given])
const verify = (log = world.tenant): ReturnType<typeof runHere> =>
  runHere(logCommands, ['verify', log, '--disclosure', file])

function shown(): ShownFile {
  return JSON.parse(readFileSync(file, 'utf8')) as ShownFile
}

it('names the fields that there are, and tells nothing of what they say', async () => {
  const { exit, json, text } = await disclose()
  expect([exit, text.includes('alice')]).toEqual([0, false])
  const { fields } = json as { fields: string[] }
  expect(fields).toEqual(expect.arrayContaining(['/input/now', '/input/question/arguments']))
  expect(fields).toEqual(expect.arrayContaining(['/input/verified/initiator', '/reasons']))
})

describe('chosen fields', () => {
  beforeAll(async () => {
    await disclose('--fields', '/input/question/arguments,/input/tenant', '--out', file)
  })

  it('are shown with their salts; of the others there are digests alone', () => {
    const { fields, classes = [] } = shown()
    expect(fields).toEqual([
      { pointer: '/input/question/arguments', salt: expect.any(String), value: { service: 'api' } },
      { pointer: '/input/tenant', salt: expect.any(String), value: expect.any(Object) },
    ])
    expect(classes.flatMap((one) => ('digests' in one ? one.digests : [])).length).toBeGreaterThan(
      20,
    )
    expect(readFileSync(file, 'utf8')).not.toContain('alice')
    const salts = new Set(fields.map(({ salt }) => salt))
    expect(salts.size).toBe(2)
  })

  it('verify against the published log, without a key that opens anything', async () => {
    const { exit, json, text } = await verify()
    expect([exit, text.includes('what is shown of')]).toEqual([0, true])
    const fields = ['/input/question/arguments', '/input/tenant']
    expect(json).toMatchObject({ shown: { decision_id: world.permit.decision_id, fields } })
  })

  const zeros = `sha256:${'0'.repeat(64)}`
  it.each<[string, (was: ShownFile) => object]>([
    ['another value', ({ fields }) => ({ fields: [{ ...fields[0], value: { service: 'db' } }] })],
    ['another name', ({ fields }) => ({ fields: [{ ...fields[0], pointer: '/input/registry' }] })],
    ['another salt', ({ fields }) => ({ fields: [{ ...fields[0], salt: 'A'.repeat(22) }] })],
    ['a field twice', ({ fields }) => ({ fields: [fields[0], fields[0]] })],
    [
      'a value without canonical form',
      ({ fields }) => ({ fields: [{ ...fields[0], value: '\ud800' }] }),
    ],
    [
      'a class more',
      ({ classes = [] }) => ({ classes: [...classes, { name: 'x', digest: zeros }] }),
    ],
    ['a class less', ({ classes = [] }) => ({ classes: classes.slice(1) })],
    [
      'a digest more',
      ({ classes = [] }) => ({
        classes: classes.map((one) =>
          'digests' in one ? { ...one, digests: [...one.digests, zeros] } : one,
        ),
      }),
    ],
    ['the form of another version', () => ({ v: 1 })],
    ['another decision', () => ({ decision_id: world.deny.decision_id })],
    ['another place', ({ index }) => ({ index: index + 1 })],
    ['a place that the log has not', () => ({ index: 1_000_000 })],
    ['another log', () => ({ origin: 'localhost/other' })],
  ])('%s does not verify', async (_name, change) => {
    const was = shown()
    try {
      writeFileSync(file, JSON.stringify({ ...was, ...change(was) }))
      const { exit, json } = await verify()
      expect([exit, json]).toMatchObject([1, { verified: false, fault: { check: 'disclosure' } }])
    } finally {
      writeFileSync(file, JSON.stringify(was))
    }
  })

  it('a file that is something else is refused', async () => {
    const was = readFileSync(file)
    writeFileSync(file, '{"v":1}')
    await expect(verify()).rejects.toMatchObject({ code: 'usage' })
    writeFileSync(file, was)
  })
})

it.each([
  ['a field that there is not', ['--fields', '/input/nothing', '--out', 'x'], /no such field/u],
  ['no place to write to', ['--fields', '/reasons'], /--out/u],
])('%s is refused', async (_name, given, message) => {
  await expect(disclose(...given)).rejects.toThrow(message)
})

it('a record of the first version, with one digest for all, still verifies, whole', () => {
  const text = '{"salt":"AAAA","value":{"input":{"now":1},"reasons":[]}}'
  const digest = digestOfText(`{"v":"countersign/disclosure/v1","value":${text}}`)
  const leaf = { kind: 'decision', disclosure: { digest } } as never
  expect(isOfLeaf(text, leaf)).toBe(true)
  expect(isOfLeaf(text.replace('1', '2'), leaf)).toBe(false)
  // Nor can the versions be taken for one another.
  expect(isOfLeaf(text.replace('{', '{"v":2,'), leaf)).toBe(false)
})

it('what the leaf does not commit to is not disclosed', async () => {
  const tenant = world.copy()
  const other = { digest: `sha256:${'0'.repeat(64)}`, subject: 'nobody' }
  changeTokens(join(tenant, 'log'), (token) => {
    const { jti } = leafOf(token)
    if (jti !== world.permit.decision_id) return token
    const [header = '', payload = '', signature = ''] = token.split('.')
    const leaf = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object
    const changed = Buffer.from(JSON.stringify({ ...leaf, disclosure: other })).toString(
      'base64url',
    )
    return `${header}.${changed}.${signature}`
  })
  const given = ['disclose', tenant, world.permit.decision_id]
  await expect(runHere(logCommands, given)).rejects.toThrow(/commits to/u)
})
