import { afterEach, expect, test } from '@jest/globals'
import {
  startPolicyEngine,
  type EngineActivation,
  type EngineLimits,
} from '../../../service/adapter/policy-engine/start-policy-engine.ts'
import type { PolicyEngine } from '../../../service/port/policy-engine.ts'
import { reasonOfRejection } from '../../support/refusals.ts'
import { activationOf, echo, engineLimits } from './program.ts'

const engines: PolicyEngine[] = []

async function start(
  limits: Partial<EngineLimits> = {},
  activation: EngineActivation = activationOf('trials'),
): Promise<PolicyEngine> {
  const engine = await startPolicyEngine(activation, { ...engineLimits, ...limits })
  engines.push(engine)
  return engine
}

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()))
})

const right = { ok: true, result: '"right"' }
const loop = '{"do":"loop"}'

test.each([
  ['loops for ever', loop, 'engine.timeout'],
  ['allocates without end', '{"do":"allocate"}', 'engine.memory'],
  ['returns nothing', '{"do":"sleep"}', 'engine.undefined'],
  ['returns too much', '{"do":"write"}', 'engine.too_large'],
])(
  'a policy that %s is a fault of that evaluation, and the next is right',
  async (_what, input, fault) => {
    const engine = await start({ evaluationMilliseconds: 2000, pages: 256 })
    expect(await engine.evaluate(input)).toEqual({ ok: false, fault })
    expect(await engine.evaluate(echo('right'))).toEqual(right)
  },
)

test('what a policy returns is handed on as it is: nonsense is for the reader of verdicts', async () => {
  const engine = await start()
  expect(await engine.evaluate('{"do":"nonsense"}')).toEqual({ ok: true, result: '"permit"' })
})

test('of a batch with loops in it, only the loops are faults, and all others are right', async () => {
  const engine = await start()
  const inputs = Array.from({ length: 100 }, (_, i) => (i === 3 || i === 64 ? loop : echo(i)))
  const evaluations = await Promise.all(inputs.map((input) => engine.evaluate(input)))
  for (const [i, evaluation] of evaluations.entries()) {
    expect(evaluation).toEqual(
      i === 3 || i === 64
        ? { ok: false, fault: 'engine.timeout' }
        : { ok: true, result: String(i) },
    )
  }
})

test('a batch with every fault in it is answered in order', async () => {
  const engine = await start({ evaluationMilliseconds: 2000, pages: 64 })
  const inputs = [echo(1), '{"do":"allocate"}', echo(2), loop, '{"do":"sleep"}', echo(3), echo(4)]
  const evaluations = await Promise.all(inputs.map((input) => engine.evaluate(input)))
  expect(evaluations.map((one) => (one.ok ? one.result : one.fault))).toEqual([
    '1',
    'engine.memory',
    '2',
    'engine.timeout',
    'engine.undefined',
    '3',
    '4',
  ])
})

test('more evaluations than fit into messages are all answered, by several workers', async () => {
  const engine = await start({ workers: 2 })
  const answers = await Promise.all(
    Array.from({ length: 2000 }, (_, i) => engine.evaluate(echo(i))),
  )
  expect(answers).toEqual(answers.map((_, i) => ({ ok: true, result: String(i) })))
})

test('a time limit counts from the beginning of the one evaluation, not of the batch', async () => {
  const engine = await start({ evaluationMilliseconds: 200 })
  const ballast = Array.from({ length: 2000 }, (_, i) => i)
  const input = JSON.stringify({ do: 'echo', value: 1, ballast })
  const answers = await Promise.all(Array.from({ length: 1000 }, () => engine.evaluate(input)))
  expect(answers.every((answer) => answer.ok)).toBe(true)
})

test('a main thread that stood still accuses nobody', async () => {
  const engine = await start({ evaluationMilliseconds: 60 })
  const waiting = engine.evaluate(echo('right'))
  await new Promise((resolve) => setImmediate(resolve))
  const until = performance.now() + 400
  while (performance.now() < until);
  expect(await waiting).toEqual(right)
})

test('two engines live beside each other', async () => {
  const [a, b] = await Promise.all([
    start({}, activationOf('trials', '{"stored":{"k":"a"}}')),
    start({}, activationOf('trials', '{"stored":{"k":"b"}}')),
  ])
  const look = '{"do":"look","key":"k"}'
  expect(await Promise.all([a.evaluate(look), b.evaluate(look)])).toEqual([
    { ok: true, result: '"a"' },
    { ok: true, result: '"b"' },
  ])
})

test('closing waits for what is under way, and then nothing more is taken', async () => {
  const engine = await start()
  const last = [
    engine.evaluate(echo('right')),
    engine.evaluate(loop),
    engine.evaluate(echo('right')),
  ]
  await engine.close()
  expect(await Promise.all(last)).toEqual([right, { ok: false, fault: 'engine.timeout' }, right])
  expect(await engine.evaluate(echo(1))).toEqual({ ok: false, fault: 'engine.unavailable' })
})

test('a policy that calls a builtin which the host lacks is refused before it is asked anything', async () => {
  expect(await reasonOfRejection(start({}, activationOf('foreign')))).toBe('builtin_unknown')
})

test('a policy without the entrypoint is refused', async () => {
  const activation = { ...activationOf('trials'), entrypoint: 'countersign/decision' }
  expect(await reasonOfRejection(start({}, activation))).toBe('entrypoint')
})

test('a module that does not compile is refused', async () => {
  const { wasm } = activationOf('trials')
  const broken = Uint8Array.from(wasm)
  broken.fill(0xff, 4000, 5000)
  expect(await reasonOfRejection(start({}, { ...activationOf('trials'), wasm: broken }))).toBe(
    'policy_start',
  )
})

test('data that does not fit into the memory is refused', async () => {
  const data = JSON.stringify({ stored: 'x'.repeat(1_000_000) })
  expect(await reasonOfRejection(start({ pages: 4 }, activationOf('trials', data)))).toBe(
    'policy_start',
  )
})
