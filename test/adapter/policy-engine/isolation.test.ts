/** Hostile queries harm themselves. Nothing here depends on how fast the machine is, but on what is answered first. */
import { afterEach, expect, test } from '@jest/globals'
import { importedMemory } from '../../../service/bundle/wasm-memory.ts'
import { WorkerPool } from '../../../service/adapter/policy-engine/worker-pool.ts'
import { WorkerThread } from '../../../service/adapter/policy-engine/worker-thread.ts'
import {
  startPolicyEngine,
  type EngineLimits,
} from '../../../service/adapter/policy-engine/start-policy-engine.ts'
import type { Evaluation, PolicyEngine } from '../../../service/port/policy-engine.ts'
import {
  attackNames,
  attacks,
  hostileActivation,
  ordinary,
} from '../../../scripts/isolation/hostile.ts'
import { attack, noEndings } from '../../../scripts/isolation/hostile-load.ts'
import { held } from '../../../scripts/isolation/held.ts'

const engines: PolicyEngine[] = []
const loop = attacks['an endless comprehension']
const timeout = { ok: false, fault: 'engine.timeout' }

async function start(limits: Partial<EngineLimits> = {}): Promise<PolicyEngine> {
  const engine = await startPolicyEngine(hostileActivation(), {
    ...{ workers: 1, evaluationMilliseconds: 3000, pages: 4096, ...limits },
  })
  engines.push(engine)
  return engine
}

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()))
})

/** The names of the questions in the order in which they were settled, and what became of them. */
async function race(
  questions: Readonly<Record<string, Promise<Evaluation>>>,
): Promise<{ readonly order: readonly string[]; readonly ended: readonly Evaluation[] }> {
  const order: string[] = []
  const ended = Object.entries(questions).map(async ([name, question]) => {
    const evaluation = await question
    order.push(name)
    return evaluation
  })
  return { ended: await Promise.all(ended), order }
}

function ordinaries(engine: PolicyEngine, count: number): Record<string, Promise<Evaluation>> {
  const all = Array.from({ length: count }, (_, i) => [
    `ordinary ${i}`,
    engine.evaluate(ordinary(i), `ordinary ${i}`),
  ])
  return Object.fromEntries(all) as Record<string, Promise<Evaluation>>
}

test('what stands behind a loop is answered long before the loop is given up', async () => {
  const engine = await start()
  const { order, ended } = await race({
    loop: engine.evaluate(loop, 'hostile'),
    ...ordinaries(engine, 200),
  })
  expect(order.at(-1)).toBe('loop')
  expect(ended).toEqual([
    timeout,
    ...Array.from({ length: 200 }, (_, i) => ({ ok: true, result: String(i) })),
  ])
})

test('an asker who is known for loops no longer stands before others, nor do more than a few wait', async () => {
  const engine = await start({ evaluationMilliseconds: 1500 })
  expect(await engine.evaluate(loop, 'hostile')).toEqual(timeout)
  const loops = Array.from({ length: 40 }, (_, i) => [
    `loop ${i}`,
    engine.evaluate(loop, 'hostile'),
  ])
  const { order, ended } = await race({
    ...(Object.fromEntries(loops) as Record<string, Promise<Evaluation>>),
    ...ordinaries(engine, 200),
  })
  // Who does not fit into the slow lane is told so at once; the rest of the loops come after everybody.
  expect(order.at(-1)).toMatch(/^loop/)
  const firstTimeout = order.findIndex((name) => name === 'loop 0')
  expect(order.slice(0, firstTimeout).filter((name) => name.startsWith('ordinary'))).toHaveLength(
    200,
  )
  const faults = ended.slice(0, 40).map((one) => (one.ok ? one.result : one.fault))
  expect(new Set(faults)).toEqual(new Set(['engine.timeout', 'engine.unavailable']))
  expect(ended.slice(40).every(({ ok }) => ok)).toBe(true)
})

test.each(attackNames)('%s is denied, and nothing of it meets the next query', async (name) => {
  const engine = await start({ evaluationMilliseconds: 1000 })
  for (const asker of ['hostile', 'hostile', 'other']) {
    const { ended } = await race({
      attack: engine.evaluate(attacks[name], asker),
      ...ordinaries(engine, 20),
    })
    const [attacked, ...others] = ended
    expect(attacked).toMatchObject({ ok: false })
    expect(others).toEqual(others.map((_, i) => ({ ok: true, result: String(i) })))
  }
})

test('a hundred attacks leave neither threads nor files behind', async () => {
  const engine = await start({ evaluationMilliseconds: 40 })
  const endings = noEndings()
  await attack(engine, endings, { first: 1, queries: 20 })
  const before = held()
  await attack(engine, endings, { first: 21, queries: 100 })
  const after = held()
  // A thread that ends just now still counts.
  expect(after.threads - before.threads).toBeLessThanOrEqual(3)
  expect(after.openFiles - before.openFiles).toBeLessThanOrEqual(15)
  for (const name of attackNames)
    expect(endings[name].every(({ said }) => said.startsWith('engine.'))).toBe(true)
})

test('memory that grows, a stack that runs out and a result that is too large cost no thread', async () => {
  const starts: string[] = []
  const pool = await poolOf((lane) => starts.push(lane))
  const faults = [
    ['{"do":"memory"}', 'engine.memory'],
    [attacks['deep recursion through walk'], 'engine.trap'],
    [JSON.stringify({ do: 'result', text: 'x'.repeat(1000), times: 200 }), 'engine.too_large'],
  ] as const
  for (const [input, fault] of faults) {
    // Of nobody known: they stay in the common lane.
    const { ended } = await race({ fault: pool.evaluate(input), next: pool.evaluate(ordinary(1)) })
    expect(ended).toEqual([
      { ok: false, fault },
      { ok: true, result: '1' },
    ])
  }
  await pool.close()
  expect(starts).toEqual(['common', 'common'])
})

async function poolOf(started: (lane: string) => void): Promise<WorkerPool> {
  const { wasm, entrypoint } = hostileActivation()
  const program = {
    module: await WebAssembly.compile(wasm),
    data: new TextEncoder().encode('{}').buffer,
    ...{ entrypoint, initialPages: importedMemory(wasm).minimum, maximumPages: 1024 },
    resultBytes: 1000,
  }
  const pool = new WorkerPool({
    ...{ workers: 1, evaluationMilliseconds: 10_000 },
    start: async (events, lane) => {
      started(lane)
      return (await WorkerThread.start(program, events, null)).worker
    },
  })
  await pool.fill()
  return pool
}
