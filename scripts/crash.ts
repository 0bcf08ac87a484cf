/**
 * `npm run crash -- --times N`: kills a writing and publishing process N times and looks for what it had acknowledged, in its
 * log and in what it published, which a real witness cosigns; with `--service` the whole service, asked over HTTP.
 *
 * Several runs on one log, so that each recovery stands on the ones before it; then a new one, since each look reads all of it.
 * The last line is `runs N acknowledged A lost 0`; the exit code is 1 when anything is lost or not as it must be.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startLitewitness } from '../test/support/litewitness.ts'
import { checkAfterCrash } from './crash-check.ts'
import { makeCrashLog, type CrashLog } from './crash-publisher.ts'
import { crashRun } from './crash-run.ts'
import { crashServiceRun, developmentOrigin } from './crash-service.ts'

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '20' },
    clients: { type: 'string', default: '16' },
    /** Runs on one log. */
    renew: { type: 'string', default: '20' },
    service: { type: 'boolean', default: false },
    /** Where the logs lie: crashes differ from disk to disk. */
    data: { type: 'string', default: tmpdir() },
  },
})

const home = mkdtempSync(join(values.data, 'countersign-crash-'))
const [times, renew, clients] = [values.times, values.renew, values.clients].map(Number) as [
  number,
  number,
  number,
]
const witness = values.service ? null : await startLitewitness('witness.test/crash')
const policy = join(home, 'policy')
if (witness !== null) {
  writeFileSync(policy, `witness one ${witness.vkey} ${witness.url}\nquorum one\n`)
}
let told = 0
let lost = 0
let faults = 0
for (let first = 1; first <= times; first += renew) {
  const data = join(home, String(first))
  mkdirSync(data)
  const log = await newLog(data, first)
  const before = { lost, faults }
  const acknowledged: string[] = []
  for (let run = first; run < Math.min(first + renew, times + 1); run += 1) {
    const ids = await (values.service ? runService(data) : runLog(log, run))
    acknowledged.push(...ids)
    await look(run, log, acknowledged, ids)
  }
  told += acknowledged.length
  if (before.lost === lost && before.faults === faults) rmSync(data, { recursive: true })
  else process.stdout.write(`the log is kept in ${log.directory}\n`)
}
await witness?.stop()
if (lost + faults === 0) rmSync(home, { recursive: true })
process.stdout.write(`runs ${times} acknowledged ${told} lost ${lost}\n`)
process.exitCode = lost + faults === 0 ? 0 : 1

async function look(
  run: number,
  log: CrashLog,
  acknowledged: readonly string[],
  ids: readonly string[],
): Promise<void> {
  const found = await checkAfterCrash(log, acknowledged, ids)
  lost += found.lost.length
  faults += found.faults.length
  const said = found.faults.length === 0 ? '' : `: ${found.faults.slice(0, 3).join('; ')}`
  process.stdout.write(
    `run ${run}: acknowledged ${ids.length}, in the log ${found.size}, lost ${found.lost.length}${said}\n`,
  )
}

/** Each under a name of its own: to a witness, another log of the same name would be a fork. */
async function newLog(data: string, first: number): Promise<CrashLog> {
  if (witness === null) {
    return { directory: join(data, 'tenants/dev'), origin: developmentOrigin, policy: null }
  }
  const log = { directory: data, origin: `pdp.test/crash-${first}`, policy }
  witness.register(await makeCrashLog(log))
  return log
}

function runService(data: string): Promise<readonly string[]> {
  return crashServiceRun({ data, clients, lifetime: Math.random() * 500 })
}

function runLog(log: CrashLog, run: number): Promise<readonly string[]> {
  // Small and large segments by turns: some kills fall on the change from one to the next.
  const segmentBytes = run % 2 === 0 ? 64 * 1024 : 1024 * 1024
  return crashRun({ ...log, clients, segmentBytes, lifetime: Math.random() * 300 })
}
