/** The committed catalogue and the code base have the same codes: what can be answered can be looked up. */
import { expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundleRefusals } from '../../service/bundle/refusal.ts'
import { engineFaults, evidenceFailures, stoppedKinds } from '../../service/contract/reason-code.ts'

const root = join(import.meta.dirname, '../..')

type Entry = {
  readonly code: string
  readonly rationale: string
  readonly remediation: string | null
  readonly kind: string
}
const catalogue = JSON.parse(readFileSync(join(root, 'rego/catalogue.json'), 'utf8')) as {
  readonly rules: readonly Entry[]
  readonly service: readonly Entry[]
}

function filesUnder(folder: string, ending: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && !name.endsWith(`_test${ending}`))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'))
}

function found(texts: readonly string[], pattern: RegExp): readonly string[] {
  return texts.flatMap((text) => [...text.matchAll(pattern)].map(([, code = '']) => code))
}

const rego = filesUnder('rego/countersign', '.rego')
const slots = ['initiator', 'server', 'grant']
const ofRego = [
  ...found(rego, /^#   code: (\S+)$/gm),
  ...found(rego, /"code": "([a-z_.]+)"/g),
  ...found(rego, /"code", "([a-z_.]+)"\)/g),
]
const ofService = [
  ...slots.flatMap((slot) => evidenceFailures.map((failure) => `${slot}.${failure}`)),
  ...engineFaults,
  ...stoppedKinds.map((kind) => `stop.${kind}`),
  ...bundleRefusals,
  // Whatever else the source of the service writes as a code of one of its own areas.
  ...found(
    filesUnder('service', '.ts'),
    /'(?!policy\.wasm|log\.(?:sqlite|vkey)|approval\.(?:requested|voted|expired|cancelled))((?:approval|leaf|log|policy|engine|decision|stop|workflow|purpose)\.[a-z_]+)'/g,
  ),
]

test('every code has one entry, and every entry a code', () => {
  const listed = [...catalogue.rules, ...catalogue.service].map(({ code }) => code)
  expect(new Set(listed).size).toBe(listed.length)
  expect(listed.toSorted()).toEqual([...new Set([...ofRego, ...ofService])].sort())
})

test('every entry says why, and what to do', () => {
  const silent = [...catalogue.rules, ...catalogue.service].filter(
    ({ rationale, remediation }) => rationale === '' || (remediation ?? '') === '',
  )
  expect(silent).toEqual([])
})

test('every code of a gap and of a fault of the engine is what some test expects', () => {
  const texts = filesUnder('test', '.ts').join('\n')
  const named = catalogue.service.filter(({ kind }) => kind === 'gap' || kind === 'engine')
  expect(named.length).toBeGreaterThan(10)
  expect(named.map(({ code }) => code).filter((code) => !texts.includes(`'${code}'`))).toEqual([])
})
