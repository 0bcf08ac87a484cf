/**
 * The thread in which policy runs. It holds one instance and evaluates what it is sent, in order.
 *
 * The engine watches its two counters and ends the thread when one evaluation takes too long; nothing
 * in here can stop a policy that loops.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { loadHostBuiltins } from './builtin/host-builtins.ts'
import { begun, ended, type FromWorker, type Inputs, type WorkerStart } from './protocol.ts'
import { WasmPolicy } from './wasm-policy.ts'

/** Results wait no longer than this for the rest of their batch, so that a later time-out loses few. */
const flushMilliseconds = 1

const { program, progress } = workerData as WorkerStart
const counters = new Int32Array(progress)
const policy = new WasmPolicy(program, loadHostBuiltins)
const inbox: Inputs[] = []
let working = false

await policy.link()
send({ kind: 'ready', description: policy.describe() })
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
    if (!policy.isLinked()) await policy.link()
    Atomics.add(counters, begun, 1)
    const evaluation = policy.evaluate(input)
    Atomics.add(counters, ended, 1)
    if (!evaluation.ok) faults.push(results.length)
    results.push(evaluation.ok ? evaluation.result : evaluation.fault)
    if (i + 1 < inputs.length && performance.now() - since < flushMilliseconds) continue
    send({ kind: 'results', results, faults })
    results = []
    faults = []
    since = performance.now()
  }
}

function send(message: FromWorker): void {
  parentPort?.postMessage(message)
}
