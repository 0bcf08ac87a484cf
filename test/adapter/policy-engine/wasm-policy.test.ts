import { expect, test } from '@jest/globals'
import { importedMemory } from '../../../service/bundle/wasm-memory.ts'
import { WasmPolicy } from '../../../service/adapter/policy-engine/wasm-policy.ts'
import { BuiltinError, type Builtins } from '../../../service/adapter/policy-engine/rego-value.ts'
import { echo, wasmOf, type TrialName } from './program.ts'

type Options = {
  readonly pages?: number
  readonly builtins?: Builtins
  readonly data?: string
  readonly entrypoint?: string
}

async function policyOf(name: TrialName, options: Options = {}): Promise<WasmPolicy> {
  const wasm = wasmOf(name)
  const policy = new WasmPolicy(
    {
      module: await WebAssembly.compile(wasm),
      data: new Uint8Array(new TextEncoder().encode(options.data ?? '{}')).buffer,
      entrypoint: options.entrypoint ?? `${name}/choose`,
      initialPages: importedMemory(wasm).minimum,
      maximumPages: options.pages ?? 64,
      resultBytes: 1000,
    },
    () => Promise.resolve(options.builtins ?? {}),
  )
  await policy.link()
  return policy
}

const value = (json: string): string => `{"do":"echo","value":${json}}`

test.each([
  'null',
  'false',
  '0',
  '""',
  '[]',
  '{}',
  '"\\u0000"',
  '"é😀\\""',
  '12345678901234567890',
  '0.10',
  '"}]"',
])('the value %s comes back as it went in', async (json) => {
  const policy = await policyOf('trials')
  expect(policy.evaluate(value(json))).toEqual({ ok: true, result: json })
})

test('an input that is larger than the memory so far is evaluated without growing page by page', async () => {
  const policy = await policyOf('trials', { pages: 1024 })
  const input = JSON.stringify({
    do: 'echo',
    value: 1,
    ballast: Array.from({ length: 50_000 }, (_, i) => `é${i}`),
  })
  expect(policy.evaluate(input)).toEqual({ ok: true, result: '1' })
  expect(policy.evaluate(echo(2))).toEqual({ ok: true, result: '2' })
})

test('an evaluation leaves nothing behind, however many there are', async () => {
  const policy = await policyOf('trials', { pages: 6 })
  const big = 'x'.repeat(900)
  for (let i = 0; i < 2000; i += 1) expect(policy.evaluate(echo(big)).ok).toBe(true)
})

test('the data of the bundle is there, numbers as they were written', async () => {
  const policy = await policyOf('trials', {
    data: '{"stored":{"a":{"n":1.50,"big":12345678901234567890}}}',
  })
  const look = JSON.stringify({ do: 'look', key: 'a' })
  const found = policy.evaluate(look)
  expect(found.ok && found.result).toContain('12345678901234567890')
  expect(found.ok && found.result).toContain('1.50')
})

test.each([
  ['says nothing', '{"do":"sleep"}', 'engine.undefined'],
  ['cannot read its input', '{', 'engine.undefined'],
  ['takes all memory', '{"do":"allocate"}', 'engine.memory'],
  ['says too much', '{"do":"write"}', 'engine.too_large'],
])('a policy that %s is a fault, and the next evaluation is right', async (_what, input, fault) => {
  const policy = await policyOf('trials', { pages: 256 })
  expect(policy.evaluate(input)).toEqual({ ok: false, fault })
  await policy.link()
  expect(policy.evaluate(echo('next'))).toEqual({ ok: true, result: '"next"' })
})

test('a builtin that the host lacks is a trap of that evaluation alone', async () => {
  const policy = await policyOf('foreign')
  expect(policy.describe()).toEqual({
    builtins: ['foreign.lookup'],
    entrypoints: ['foreign/choose'],
  })
  expect(policy.evaluate('{"do":"call"}')).toEqual({ ok: false, fault: 'engine.trap' })
  expect(policy.isLinked()).toBe(false)
  expect(policy.evaluate(echo(1))).toEqual({ ok: false, fault: 'engine.unavailable' })
  await policy.link()
  expect(policy.evaluate(echo(1))).toEqual({ ok: true, result: '1' })
})

test('a builtin that fails is undefined for that call, and the instance lives', async () => {
  const fails = {
    'foreign.lookup': () => {
      throw new BuiltinError('no')
    },
  }
  const policy = await policyOf('foreign', { builtins: fails })
  expect(policy.evaluate('{"do":"call"}')).toEqual({ ok: false, fault: 'engine.undefined' })
  expect(policy.isLinked()).toBe(true)
  const works = await policyOf('foreign', {
    builtins: { 'foreign.lookup': (_context, text) => `found ${text as string}` },
  })
  expect(works.evaluate('{"do":"call"}')).toEqual({ ok: true, result: '"found x"' })
})

test('an entrypoint that the module lacks is never evaluated', async () => {
  const policy = await policyOf('trials', { entrypoint: 'trials/other' })
  expect(policy.evaluate(echo(1))).toEqual({ ok: false, fault: 'engine.unavailable' })
})
