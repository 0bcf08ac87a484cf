import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { buildWasm } from '../../../scripts/bundles/opa-build.ts'
import { resolvePart } from '../../../scripts/parts/resolve.ts'
import {
  families,
  hostBuiltinNames,
  loadHostBuiltins,
} from '../../../service/adapter/policy-engine/builtin/host-builtins.ts'
import { refusedBuiltins } from '../../../service/adapter/policy-engine/builtin/refused-builtins.ts'
import { startPolicyEngine } from '../../../service/adapter/policy-engine/start-policy-engine.ts'
import { testWithOpa } from '../../support/opa.ts'
import { reasonOfRejection } from '../../support/refusals.ts'
import { activationOf, engineLimits } from './program.ts'

describe('the families', () => {
  test.each(families.map((family) => [family.names.join(' '), family] as const))(
    'the family of %s exports these and no others',
    async (_names, { names, load }) => {
      expect(Object.keys(await load()).sort()).toEqual([...names].sort())
    },
  )

  test('no builtin is in two families', () => {
    expect(families.flatMap(({ names }) => names)).toHaveLength(hostBuiltinNames.size)
  })

  test('only the families that a policy needs are loaded, and what no family has is left out', async () => {
    const loaded = await loadHostBuiltins(['uuid.parse', 'http.send', 'foreign.lookup'])
    expect(Object.keys(loaded)).toEqual(['uuid.parse'])
  })
})

describe('what no policy may call', () => {
  const calls = [
    ['http.send', 'http.send(input)', 'facts come in the input'],
    ['net.lookup_ip_addr', 'net.lookup_ip_addr(input)', 'facts come in the input'],
    ['opa.runtime', 'opa.runtime()', 'parameters are data'],
  ] as const

  test('it is these three, and the host has none of them', () => {
    expect([...refusedBuiltins.keys()]).toEqual(calls.map(([name]) => name))
    expect([...refusedBuiltins.keys()].filter((name) => hostBuiltinNames.has(name))).toEqual([])
  })

  testWithOpa.each(calls)(
    'a policy that calls %s is refused at load and told what to do',
    async (name, called, instead) => {
      const activation = { ...activationOf('trials'), wasm: moduleThatCalls(called) }
      const started = startPolicyEngine({ ...activation, entrypoint: 'sly/choose' }, engineLimits)
      await expect(started).rejects.toThrow(`the policy calls ${name} (`)
      await expect(started).rejects.toThrow(instead)
      expect(await reasonOfRejection(started)).toBe('builtin_refused')
    },
  )
})

function moduleThatCalls(called: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-sly-'))
  try {
    const file = join(folder, 'sly.rego')
    writeFileSync(file, `package sly\n\nchoose := ${called}\n`)
    return buildWasm(resolvePart('opa'), [file], { folder, entrypoints: ['sly/choose'] }).wasm
  } finally {
    rmSync(folder, { recursive: true })
  }
}
