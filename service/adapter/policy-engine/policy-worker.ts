/**
 * The thread in which policy runs. It holds one instance and evaluates what it is sent, in order.
 *
 * The engine watches its counters, takes back what waits behind a slow evaluation, and ends the thread when
 * that takes too long. Only in the slow lane is an evaluation stopped from in here.
 */
import { parentPort, workerData } from 'node:worker_threads'
import type { Evaluation } from '../../port/policy-engine.ts'
import { loadHostBuiltins } from './builtin/host-builtins.ts'
import { letGo } from './let-go.ts'
import { begun, ended, withdrawn, type FromWorker } from './protocol.ts'
import type { Inputs, WorkerStart } from './protocol.ts'
import { ownThread, standBack } from './stand-back.ts'
import { stopAfter } from './stop-after.ts'
import { WasmPolicy } from './wasm-policy.ts'

/** Results wait no longer than this for the rest of their batch, so that a later time-out loses few. */
const flushMilliseconds = 1

const { program, progress, guard } = workerData as WorkerStart
const counters = new BigInt64Array(progress)
const policy = new WasmPolicy(program, loadHostBuiltins)
const inbox: Inputs[] = []
let working = false

await policy.link()
// Once it is ready: a start that stood back might find no time at all on a busy machine.
if (guard !== null) standBack()
send({ kind: 'ready', description: policy.describe(), thread: ownThread() })
parentPort?.on('message', (inputs: Inputs) => {
  inbox.push(inputs)
  if (!working) void work()
})

async function work(): Promise<void> {
  working = true
  for (let inputs = inbox.shift(); inputs !== undefined; inputs = inbox.shift()) {
    await evaluateAll(inputs)
  }
  working = false
}

/** A rejection (the instance cannot be made again) ends the worker, and the engine starts another. */
async function evaluateAll(inputs: Inputs): Promise<void> {
  let results: string[] = []
  let faults: number[] = []
  let since = performance.now()
  for (const [i, input] of inputs.entries()) {
    const evaluation = next(input)
    if (!evaluation.ok) faults.push(results.length)
    results.push(evaluation.ok ? evaluation.result : evaluation.fault)
    const isSpoilt = !policy.isLinked()
    const mayWait = i + 1 < inputs.length && performance.now() - since < flushMilliseconds
    if (mayWait && !isSpoilt) continue
    send({ kind: 'results', results, faults, isSpoilt })
    if (isSpoilt) await linkAgain()
    results = []
    faults = []
    since = performance.now()
  }
}

function next(input: string): Evaluation {
  const place = Atomics.add(counters, begun, 1n)
  const isWithdrawn = place < Atomics.load(counters, withdrawn)
  const evaluation: Evaluation = isWithdrawn ? { ok: true, result: '' } : evaluate(input)
  Atomics.add(counters, ended, 1n)
  return evaluation
}

function evaluate(input: string): Evaluation {
  if (guard === null) return policy.evaluate(input)
  const evaluation = stopAfter(guard.milliseconds, () => policy.evaluate(input))
  if (evaluation !== null) return evaluation
  policy.drop()
  return { ok: false, fault: 'engine.timeout' }
}

async function linkAgain(): Promise<void> {
  letGo()
  await policy.link()
  send({ kind: 'linked' })
}

function send(message: FromWorker): void {
  parentPort?.postMessage(message)
}
