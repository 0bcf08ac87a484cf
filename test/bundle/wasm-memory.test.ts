import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from '@jest/globals'
import { readTar } from '../../service/bundle/read-tar.ts'
import { importedMemory } from '../../service/bundle/wasm-memory.ts'
import { reasonOf } from './forge.ts'

const head = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
const name = (text: string): number[] => [text.length, ...Buffer.from(text)]
const env = name('env')

/** A module with these imports, behind a custom section. */
function moduleOf(...imports: readonly (readonly number[])[]): Uint8Array {
  const section = [imports.length, ...imports.flat()]
  return Uint8Array.from([...head, 0, 3, 1, 0x78, 0x79, 2, section.length, ...section])
}

test('the memory of a module that OPA compiled is found', () => {
  const packed = readFileSync(new URL('../fixtures/policy/trials.tar.gz', import.meta.url))
  const wasm = readTar(gunzipSync(packed)).get('policy.wasm')!
  expect(importedMemory(wasm)).toEqual({ minimum: 2, maximum: null })
})

test('limits are read behind other imports, in as many bytes as they have', () => {
  const others = [
    [...env, ...name('f'), 0, 3],
    [...env, ...name('t'), 1, 0x70, 1, 1, 2],
    [...env, ...name('g'), 3, 0x7f, 0],
    [...env, ...name('other'), 2, 0, 1],
  ]
  const memory = [...env, ...name('memory'), 2, 1, 0x80, 0x02, 0xff, 0xff, 0x03]
  expect(importedMemory(moduleOf(...others, memory))).toEqual({ minimum: 256, maximum: 65_535 })
})

test.each<readonly [string, Uint8Array]>([
  ['nothing', new Uint8Array(0)],
  ['no module', Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 0])],
  ['a module without imports', Uint8Array.from(head)],
  ['a module that imports no memory', moduleOf([...env, ...name('f'), 0, 3])],
  ['a memory of another kind (64 bits, shared)', moduleOf([...env, ...name('memory'), 2, 7, 1, 1])],
  ['an unknown kind of import', moduleOf([...env, ...name('x'), 9])],
  ['a section that is cut off', Uint8Array.from([...head, 2, 100, 1])],
  ['a number without an end', Uint8Array.from([...head, 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])],
  ['imports that are cut off', Uint8Array.from([...head, 2, 1, 4])],
])('%s is refused', (_what, wasm) => {
  expect(reasonOf(() => importedMemory(wasm))).toBe('wasm')
})
