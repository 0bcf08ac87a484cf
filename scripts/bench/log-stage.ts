/** One opening of the log that `log-bench.ts` measures: opens it, lets it grow, asks some of it, closes it. */
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { uuidv7 } from 'uuidv7'
import { openAuditLog } from '../../service/adapter/audit-log/open-audit-log.ts'
import type { Draft, Preconditions } from '../../service/port/audit-log.ts'
import type { WorkflowRef } from '../../service/workflow/workflow-facts.ts'
import { digestOfText } from '../../service/statement/digest.ts'
import { sampleDraft } from '../sample-draft.ts'

export type LogStage = {
  readonly directory: string
  /** Entries that it grows to; it does not grow when it has as many. */
  readonly size: number
  /** Removes the index, and with it the snapshot, beforehand. */
  readonly forget: boolean
}

/** Seconds of `seconds`, `start` and `cpu`, bytes of memory and files, else what the name says. */
export type StageResult = Readonly<
  Record<
    | 'size'
    | 'appended'
    | 'seconds'
    | 'cpu'
    | 'p50'
    | 'p99'
    | 'peak'
    | 'start'
    | 'resident'
    | 'find'
    | 'recall'
    | 'page'
    | 'filter'
    | 'logBytes'
    | 'indexBytes',
    number
  >
>

const callers = 64
const given = JSON.parse(process.argv[2] ?? '{}') as LogStage
const place = (name: string): string => join(given.directory, name)
if (given.forget) rmSync(place('index'), { recursive: true })

const opening = performance.now()
const log = await openAuditLog({
  directory: given.directory,
  origin: 'pdp.test/acme',
  algorithm: 'ES256',
})
const start = (performance.now() - opening) / 1000
const resident = process.memoryUsage.rss()
const grown = await grow()
const asked = log.size() === 0 ? { find: 0, recall: 0, page: 0, filter: 0 } : await ask()
await log.close()
const result: StageResult = {
  ...{ size: log.size(), start, resident, ...grown, ...asked },
  logBytes: bytesIn('log'),
  indexBytes: bytesIn('index'),
}
process.stdout.write(JSON.stringify(result))

async function grow(): Promise<
  Pick<StageResult, 'appended' | 'seconds' | 'cpu' | 'p50' | 'p99' | 'peak'>
> {
  const first = log.size()
  const waits: number[] = []
  let next = first
  let peak = resident
  const began = performance.now()
  const before = process.cpuUsage()
  const caller = async (): Promise<void> => {
    while (next < given.size) {
      const number = next
      next += 1
      if (number % 1000 === 0) peak = Math.max(peak, process.memoryUsage.rss())
      const asked = performance.now()
      await log.append(...drafted(number))
      // A sample of them, so that what is measured is the log and not this list.
      if (number % 16 === 0) waits.push(performance.now() - asked)
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  const { user, system } = process.cpuUsage(before)
  waits.sort((a, b) => a - b)
  return {
    ...{ appended: Math.max(next - first, 1), seconds: (performance.now() - began) / 1000 },
    ...{ cpu: (user + system) / 1e6, peak: Math.max(peak, process.memoryUsage.rss()) },
    ...{ p50: waits[waits.length >> 1] ?? 0, p99: waits[Math.floor(waits.length * 0.99)] ?? 0 },
  }
}

/** Ten leaves a workflow, a thousand persons, a hundred servers; one query in ten carries a request id. */
function drafted(number: number): [Draft, Preconditions | null] {
  const subject = `hmac:${String(number % 1000).padStart(64, '0')}`
  const base = sampleDraft(`dec_${uuidv7()}`, `wf_${Math.floor(number / 10)}`, now(), subject)
  const capability = { kind: 'tool', server: `server-${number % 100}`, key: `tool:${number % 7}` }
  const claims = { ...base.claims, capability, effect: number % 50 === 0 ? 'deny' : 'permit' }
  const draft = { ...base, claims } as Draft
  if (number % 10 !== 0) return [draft, null]
  const requestKey = digestOfText(`request ${number}`)
  const queryDigest = digestOfText('query')
  const asked = { ...claims, request_key: requestKey, query_digest: queryDigest }
  return [{ ...draft, claims: asked } as Draft, { requestKey, queryDigest }]
}

function now(): number {
  return Math.floor(Date.now() / 1000)
}

async function ask(): Promise<Pick<StageResult, 'find' | 'recall' | 'page' | 'filter'>> {
  const size = log.size()
  const ids: string[] = []
  for (let at = 0; at < 200; at += 1)
    ids.push((await log.entries(Math.floor((at * size) / 200), 1))[0]?.leaf.jti ?? '')
  const find = await timed(ids.length, (at) => log.find(ids[at] ?? ''))
  const recall = await timed(200, (at) => Promise.resolve(recalled((at * size) / 2000)))
  const page = await timed(10, (at) => log.entries(Math.floor((at * size) / 10), 200))
  const filter = { server: 'server-50', effect: 'deny' }
  const filtered = await timed(10, (at) => log.select(filter, Math.floor((at * size) / 20), size))
  return { find: find * 1000, recall: recall * 1000, page, filter: filtered }
}

/** What a query is told of a workflow that nobody asked of since the log was opened, and of its initiator. */
function recalled(number: number): unknown {
  const workflow: WorkflowRef = {
    ...{ id: `wf_${Math.floor(number)}`, basis: 'known', root: null, parent: null, depth: 0 },
    ...{ project: 'shop', subject: `hmac:${String(number % 1000).padStart(64, '0')}` },
    inherited: [],
  }
  return log.workflows.seen(workflow, now())
}

/** Milliseconds of one. */
async function timed(times: number, act: (at: number) => Promise<unknown>): Promise<number> {
  const began = performance.now()
  for (let at = 0; at < times; at += 1) await act(at)
  return (performance.now() - began) / times
}

function bytesIn(name: string): number {
  const folder = place(name)
  return readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0)
}
