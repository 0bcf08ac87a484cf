/**
 * `npm run crash -- --times N`: kills a writing process N times and looks for what it had acknowledged;
 * with `--service` the whole service, asked over HTTP, without it the log alone under a heavier load.
 *
 * One log through all runs, so that each recovery stands on the ones before it. The last line is
 * `runs N acknowledged A lost 0`; the exit code is 1 when anything is lost or not as it must be.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkAfterCrash } from './crash-check.ts'
import { crashRun } from './crash-run.ts'
import { crashServiceRun, developmentOrigin } from './crash-service.ts'

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '20' },
    clients: { type: 'string', default: '16' },
    service: { type: 'boolean', default: false },
    /** Where the log lies: crashes differ from disk to disk. */
    data: { type: 'string', default: tmpdir() },
  },
})

const directory = mkdtempSync(join(values.data, 'countersign-crash-'))
const times = Number(values.times)
const acknowledged: string[] = []
let lost = 0
let faults = 0
for (let run = 1; run <= times; run += 1) {
  const ids = await (values.service ? runService() : runLog(run))
  acknowledged.push(...ids)
  const found = values.service
    ? await checkAfterCrash(join(directory, 'tenants', 'dev'), acknowledged, ids, developmentOrigin)
    : await checkAfterCrash(directory, acknowledged, ids)
  lost = Math.max(lost, found.lost.length)
  faults += found.faults.length
  const said = found.faults.length === 0 ? '' : `: ${found.faults.slice(0, 3).join('; ')}`
  process.stdout.write(
    `run ${run}: acknowledged ${ids.length}, in the log ${found.size}, lost ${found.lost.length}${said}\n`,
  )
}
if (lost + faults === 0) rmSync(directory, { recursive: true })
else process.stdout.write(`the log is kept in ${directory}\n`)
process.stdout.write(`runs ${times} acknowledged ${acknowledged.length} lost ${lost}\n`)
process.exitCode = lost + faults === 0 ? 0 : 1

function runService(): Promise<readonly string[]> {
  const lifetime = Math.random() * 500
  return crashServiceRun({ data: directory, clients: Number(values.clients), lifetime })
}

function runLog(run: number): Promise<readonly string[]> {
  // Small and large segments by turns: some kills fall on the change from one to the next.
  const segmentBytes = run % 2 === 0 ? 64 * 1024 : 1024 * 1024
  const lifetime = Math.random() * 300
  return crashRun({ directory, clients: Number(values.clients), segmentBytes, lifetime })
}
