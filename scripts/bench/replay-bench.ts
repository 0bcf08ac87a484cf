/**
 * What a replay costs, beside bare evaluation of the same inputs: `npm run bench:replay`.
 *
 * A service in this process records decisions (`--decisions 20000`) through its own route and stops. Then the command replays its
 * log, and the same inputs are evaluated in this thread with nothing round them. Starting the engine is told apart, since it costs the
 * same for a log of any length. CPU of all threads is what counts: it is
 * nearly the same on a busy machine, where time is not. `--log <directory>` replays the data of a tenant that is there already.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadDevelopmentKeys } from '../../service/adapter/development/development-keys.ts'
import { development } from '../../service/adapter/development/development-tenant.ts'
import { exampleQueries } from '../../service/adapter/development/example-queries.ts'
import { readBundleDirectory } from '../../service/adapter/bundle-reader/read-directory.ts'
import { loadHostBuiltins } from '../../service/adapter/policy-engine/builtin/host-builtins.ts'
import { WasmPolicy } from '../../service/adapter/policy-engine/wasm-policy.ts'
import { jsonText } from '../../service/bundle/json-text.ts'
import { importedMemory } from '../../service/bundle/wasm-memory.ts'
import { limits } from '../../service/contract/limits.ts'
import type { Query } from '../../service/contract/query.ts'
import { developmentConfig } from '../../service/development-config.ts'
import { startService } from '../../service/serve.ts'
import { createServiceLog } from '../../service/telemetry/service-log.ts'
import { developmentBundleKeys } from '../bundles/development-signer.ts'
import type { Call } from '../command/command.ts'
import { replay } from '../log/replay/replay.ts'
import type { Replayed } from '../log/replay/replay-tally.ts'
import { recordedDecisions } from '../log/replay/recorded-decisions.ts'
import { openRecorded } from '../log/replay/recorded-source.ts'
import { root } from '../parts/root.ts'
import { replayWorkers, startSet } from '../policy/judging-set.ts'

const { values } = parseArgs({
  options: {
    decisions: { type: 'string', default: '20000' },
    data: { type: 'string', default: tmpdir() },
    log: { type: 'string' },
  },
})

type Cost = { readonly cpu: number; readonly seconds: number; readonly queries: number }

const folder = mkdtempSync(join(values.data, 'countersign-replay-bench-'))
try {
  const log = values.log ?? (await record(Number(values.decisions)))
  const bare = await costOf(() => evaluateAll(log))
  const read = await costOf(() => readAll(log))
  const start = await costOf(startAlone)
  const whole = await costOf(() => replayAll(log))
  report({ bare, read, start, whole })
} finally {
  rmSync(folder, { recursive: true })
}

type Costs = Readonly<Record<'bare' | 'read' | 'start' | 'whole', Cost>>

function report({ bare, read, start, whole }: Costs): void {
  const micro = ({ cpu, queries }: Cost): number => (cpu * 1e6) / queries
  const each = micro({ ...whole, cpu: whole.cpu - start.cpu })
  const evaluation = micro(bare) - micro(read)
  const processors = Math.min(availableParallelism(), 2)
  const lines: readonly (readonly [string, string])[] = [
    ['queries', String(whole.queries)],
    ['bare evaluation, CPU us each', evaluation.toFixed(0)],
    ['reading alone, CPU us each', micro(read).toFixed(0)],
    ['start of the engine, CPU ms', (start.cpu * 1000).toFixed(0)],
    ['replay behind it, CPU us each', each.toFixed(0)],
    ['replay : bare evaluation', (each / evaluation).toFixed(2)],
    [`queries/s by CPU of ${String(processors)}`, ((processors * 1e6) / each).toFixed(0)],
    ['queries/s by the clock', (whole.queries / whole.seconds).toFixed(0)],
  ]
  process.stdout.write(
    lines.map(([name, value]) => `${name.padEnd(32)}${value.padStart(9)}\n`).join(''),
  )
}

async function costOf(act: () => Promise<number>): Promise<Cost> {
  const [before, began] = [process.cpuUsage(), performance.now()]
  const queries = await act()
  const { user, system } = process.cpuUsage(before)
  return { cpu: (user + system) / 1e6, seconds: (performance.now() - began) / 1000, queries }
}

function callOf(log: string): Call {
  return { values: {}, positionals: [log], json: true, color: false, say: () => undefined }
}

async function replayAll(log: string): Promise<number> {
  const { json } = await replay.run(callOf(log))
  const { equal, differ } = json as Replayed
  if (differ > 0)
    throw new Error(`${String(differ)} decisions differ: see "countersign log replay"`)
  return equal
}

/** The threads of a replay, which load the policy and stop. */
async function startAlone(): Promise<number> {
  const { bundles } = await readBundleDirectory(join(root, 'bundles'), developmentBundleKeys())
  const engine = await startSet(bundles, replayWorkers)
  await engine.close()
  return 1
}

async function inputsOf(log: string, take: (text: string) => void): Promise<number> {
  const source = await openRecorded(callOf(log), log)
  let count = 0
  try {
    for (const one of recordedDecisions(source, { from: null, to: null }, () => undefined)) {
      if ('cause' in one) continue
      take(one.text)
      count += 1
    }
  } finally {
    source.close()
  }
  return count
}

function readAll(log: string): Promise<number> {
  return inputsOf(log, () => undefined)
}

/** With what it costs to read them, which is measured by itself. */
async function evaluateAll(log: string): Promise<number> {
  const { wasm, data, entrypoint } = await readBundleDirectory(
    join(root, 'bundles'),
    developmentBundleKeys(),
  )
  const program = {
    module: await WebAssembly.compile(wasm),
    data: new TextEncoder().encode(jsonText(data)).buffer,
    entrypoint,
    initialPages: importedMemory(wasm).minimum,
    maximumPages: limits.evaluationPages,
    resultBytes: limits.policyResultBytes,
  }
  const policy = new WasmPolicy(program, loadHostBuiltins)
  await policy.link()
  return inputsOf(log, (text) => {
    if (!policy.evaluate(text).ok) throw new Error('an input of the log cannot be evaluated')
  })
}

/** The data of a tenant that was asked so much: calls that are permitted and denied, each with arguments of its own. */
async function record(decisions: number): Promise<string> {
  const data = join(folder, 'data')
  const keys = await loadDevelopmentKeys(data)
  const config = developmentConfig(keys, { data, port: 0, bundles: undefined })
  const service = await startService(config, createServiceLog({ silent: true }))
  const examples = await exampleQueries(keys)
  const asked = examples.filter(({ effect }) => effect !== 'hold').map(({ query }) => query)
  for (let first = 0; first < decisions; first += limits.batchQueries) {
    const size = Math.min(limits.batchQueries, decisions - first)
    const queries = Array.from({ length: size }, (_, i) => numbered(asked, first + i))
    const reply = await fetch(`${service.url}/v1/decisions/batch`, {
      method: 'POST',
      body: JSON.stringify({ queries }),
      headers: { authorization: `Bearer ${keys.apiKey}`, 'content-type': 'application/json' },
    })
    if (reply.status !== 200) throw new Error(`the service answers ${String(reply.status)}`)
    await reply.arrayBuffer()
  }
  await service.stop('recorded')
  return join(data, 'tenants', development.tenant)
}

function numbered(asked: readonly Query[], number: number): Query {
  // Nine in ten are permitted.
  const query = asked[number % 10 === 0 ? 1 : 0]
  if (query === undefined) throw new Error('there are no examples')
  const given = { ...query.capability.arguments, service: `api-${String(number)}` }
  return { ...query, capability: { ...query.capability, arguments: given } }
}
