/**
 * Hostile queries harm themselves. Nothing here depends on how fast the machine is, but on what is answered first: the time
 * that limits are counted in hardly moves until the test says that it has passed.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { limits } from '../../../service/contract/limits.ts'
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
import { engineStage } from '../../../scripts/isolation/engine-stage.ts'
import { attack, noEndings } from '../../../scripts/isolation/hostile-load.ts'
import { type Held, held } from '../../../scripts/isolation/held.ts'

const engines: PolicyEngine[] = []
const loop = attacks['an endless comprehension']
const timeout = { ok: false, fault: 'engine.timeout' }

/** Long enough that even a slow machine answers everybody else before; the test says when it is over. */
const evaluationMilliseconds = 20_000

async function start(given: Partial<EngineLimits> = {}): Promise<PolicyEngine> {
  const engine = await startPolicyEngine(hostileActivation(), {
    ...{ workers: 1, evaluationMilliseconds, pages: 4096, ...given },
  })
  engines.push(engine)
  return engine
}

/** So slowly that only what never ends is ever slow. */
const slowness = 50
const passed = performance.now.bind(performance)
let ahead = 0

/** All at once. */
function pass(milliseconds: number): void {
  ahead += milliseconds
}

beforeEach(() => {
  jest.spyOn(performance, 'now').mockImplementation(() => passed() / slowness + ahead)
})

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()))
  jest.restoreAllMocks()
})

/** What became of questions, and their names in the order in which they were settled. */
class Race {
  readonly order: string[] = []
  readonly #asked = new Map<string, Promise<Evaluation>>()

  constructor(questions: Readonly<Record<string, Promise<Evaluation>>>) {
    for (const [name, question] of Object.entries(questions)) {
      const noted = question.then((evaluation) => {
        this.order.push(name)
        return evaluation
      })
      this.#asked.set(name, noted)
    }
  }

  /** Of those whose name begins so, in the order in which they were asked. */
  ended(name: string): Promise<readonly Evaluation[]> {
    const asked = [...this.#asked].filter(([one]) => one.startsWith(name))
    return Promise.all(asked.map(([, question]) => question))
  }
}

function ordinaries(engine: PolicyEngine, count: number): Record<string, Promise<Evaluation>> {
  const all = Array.from({ length: count }, (_, i) => [
    `ordinary ${i}`,
    engine.evaluate(ordinary(i), `ordinary ${i}`),
  ])
  return Object.fromEntries(all) as Record<string, Promise<Evaluation>>
}

const answers = (count: number): readonly Evaluation[] =>
  Array.from({ length: count }, (_, i) => ({ ok: true, result: String(i) }))

test('what stands behind a loop is answered long before the loop is given up', async () => {
  const engine = await start()
  const race = new Race({ loop: engine.evaluate(loop, 'hostile'), ...ordinaries(engine, 200) })
  expect(await race.ended('ordinary')).toEqual(answers(200))
  expect(race.order).not.toContain('loop')
  pass(evaluationMilliseconds)
  expect(await race.ended('loop')).toEqual([timeout])
})

test('an asker who is known for loops no longer stands before others, nor do more than a few wait', async () => {
  // The slow lane stops its evaluations by a clock of its own.
  const engine = await start({ evaluationMilliseconds: 4000 })
  const known = new Race({ loop: engine.evaluate(loop, 'hostile'), ...ordinaries(engine, 1) })
  await known.ended('ordinary')
  pass(4000)
  expect(await known.ended('loop')).toEqual([timeout])
  const loops = Array.from({ length: 40 }, (_, i) => [
    `loop ${i}`,
    engine.evaluate(loop, 'hostile'),
  ])
  const race = new Race({
    ...(Object.fromEntries(loops) as Record<string, Promise<Evaluation>>),
    ...ordinaries(engine, 200),
  })
  expect(await race.ended('ordinary')).toEqual(answers(200))
  // Who does not fit into the slow lane is told so at once; the rest of the loops come after everybody.
  const told = race.order.filter((name) => name.startsWith('loop'))
  expect(told.length).toBeGreaterThan(0)
  expect(told.length).toBeLessThan(40)
  expect(told).not.toContain('loop 0')
  expect((await race.ended('loop 0'))[0]).toEqual(timeout)
  pass(limits.evaluationQueueMilliseconds)
  const faults = (await race.ended('loop')).map((one) => (one.ok ? one.result : one.fault))
  expect(new Set(faults)).toEqual(new Set(['engine.timeout', 'engine.unavailable']))
})

test.each(attackNames)('%s is denied, and nothing of it meets the next query', async (name) => {
  const engine = await start({ evaluationMilliseconds: 1000 })
  for (const asker of ['hostile', 'hostile', 'other']) {
    const race = new Race({
      attack: engine.evaluate(attacks[name], asker),
      ...ordinaries(engine, 20),
    })
    expect(await race.ended('ordinary')).toEqual(answers(20))
    pass(1000)
    expect(await race.ended('attack')).toMatchObject([{ ok: false }])
  }
})

test('a hundred attacks leave neither threads nor files behind', async () => {
  jest.restoreAllMocks()
  const engine = await start({ evaluationMilliseconds: 40 })
  const endings = noEndings()
  await attack(engineStage(engine), endings, { first: 1, queries: 20 })
  const before = held()
  await attack(engineStage(engine), endings, { first: 21, queries: 100 })
  // A thread that ends just now still counts; what is left behind stays.
  while (exceeds(held(), before)) await pause(50)
  for (const name of attackNames)
    expect(endings[name].every(({ said }) => said.startsWith('engine.'))).toBe(true)
}, 180_000)

function exceeds(now: Held, before: Held): boolean {
  return now.threads - before.threads > 3 || now.openFiles - before.openFiles > 15
}

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
    expect(await Promise.all([pool.evaluate(input), pool.evaluate(ordinary(1))])).toEqual([
      { ok: false, fault },
      { ok: true, result: '1' },
    ])
  }
  await pool.close()
  expect(starts).toEqual(['common', 'common'])
})

// Only Linux gives a thread a priority of its own; elsewhere there is nothing to look at.
const onLinux = process.platform === 'linux' ? test : test.skip

onLinux('a thread with a slow evaluation stands back behind those that serve', async () => {
  jest.restoreAllMocks()
  const engine = await start({ evaluationMilliseconds: 2000 })
  expect(priorities()).toEqual([])
  const first = engine.evaluate(loop, 'hostile')
  await until(() => priorities().includes('nice'))
  expect(await first).toEqual(timeout)
  const second = engine.evaluate(loop, 'hostile')
  await until(() => priorities().includes(existsSync('/usr/bin/chrt') ? 'idle' : 'nice'))
  expect(await second).toEqual(timeout)
  expect(await engine.evaluate(ordinary(1), 'other')).toEqual({ ok: true, result: '1' })
})

/** Of the threads of this process that stand back; fields 19 and 41 of proc_pid_stat(5). */
function priorities(): string[] {
  return readdirSync('/proc/self/task').flatMap((thread) => {
    const fields = statOf(thread).split(') ').at(-1)?.split(' ') ?? []
    if (fields[41 - 3] === '5') return ['idle']
    return fields[19 - 3] === '19' ? ['nice'] : []
  })
}

/** Nothing of a thread that has just ended. */
function statOf(thread: string): string {
  try {
    return readFileSync(`/proc/self/task/${thread}/stat`, 'utf8')
  } catch {
    return ''
  }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await pause(5)
}

async function poolOf(started: (lane: string) => void): Promise<WorkerPool> {
  const { wasm, entrypoint } = hostileActivation()
  const program = {
    module: await WebAssembly.compile(wasm),
    data: new TextEncoder().encode('{}').buffer,
    ...{ entrypoint, initialPages: importedMemory(wasm).minimum, maximumPages: 256 },
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
