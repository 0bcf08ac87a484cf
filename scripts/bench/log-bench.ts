/**
 * What a log costs as it grows, from 10^3 to 10^6 entries: `npm run bench:log`.
 *
 * Entries of a realistic size go through the real path: sequencer, leaves, disclosures, real ES256 signatures, durable groups of
 * concurrent callers; one in ten carries a request key, each workflow has ten. At each size the log is closed, opened by its
 * snapshot, and opened with `index/` removed; then some of it is asked. Each opening is a process of its own, so that memory is that
 * of the log alone. `--sizes 1000,10000`, `--data <directory>` for the disk. Compare lines of one run: figures are of this machine, now.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { LogStage, StageResult } from './log-stage.ts'

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,10000,100000,1000000' },
    data: { type: 'string', default: tmpdir() },
  },
})
const stageFile = fileURLToPath(new URL('log-stage.ts', import.meta.url))
const directory = mkdtempSync(join(values.data, 'countersign-log-bench-'))

const columns: readonly (readonly [string, (row: Row) => string])[] = [
  ['entries', ({ grown }) => String(grown.size)],
  ['appends/s', ({ grown }) => String(Math.round(grown.appended / grown.seconds))],
  ['CPU us', ({ grown }) => ((grown.cpu * 1e6) / grown.appended).toFixed(0)],
  ['p50 ms', ({ grown }) => grown.p50.toFixed(2)],
  ['p99 ms', ({ grown }) => grown.p99.toFixed(2)],
  ['peak MB', ({ grown }) => megabytes(grown.peak)],
  ['start s', ({ kept }) => kept.start.toFixed(2)],
  ['MB', ({ kept }) => megabytes(kept.resident)],
  ['find us', ({ kept }) => kept.find.toFixed(0)],
  ['recall us', ({ kept }) => kept.recall.toFixed(0)],
  ['page ms', ({ kept }) => kept.page.toFixed(1)],
  ['filter ms', ({ kept }) => kept.filter.toFixed(1)],
  ['whole s', ({ whole }) => whole.start.toFixed(2)],
  ['log MB', ({ kept }) => megabytes(kept.logBytes)],
  ['index MB', ({ kept }) => megabytes(kept.indexBytes)],
]

type Row = { readonly grown: StageResult; readonly kept: StageResult; readonly whole: StageResult }

const header = columns.map(([name]) => name.padStart(10)).join('')
process.stdout.write(`${header}\n`)
try {
  for (const size of values.sizes.split(',').map(Number)) {
    const grown = stage({ directory, size, forget: false })
    // By the snapshot that was kept while it grew; then with nothing but the log.
    const kept = stage({ directory, size: 0, forget: false })
    const whole = stage({ directory, size: 0, forget: true })
    const row = columns.map(([, print]) => print({ grown, kept, whole }).padStart(10)).join('')
    process.stdout.write(`${row}\n`)
  }
} finally {
  rmSync(directory, { recursive: true })
}
process.stdout.write(`
appends/s, CPU us (of both threads, for each entry), p50 and p99: while the log grew to that size, 64 callers at a time.
peak MB: resident memory then. start s, MB: opening it by its snapshot, and resident memory after it. find us: an entry by its id;
recall us: what a query is told of a workflow that is not in memory, ten entries each; page ms: 200 entries in order; filter ms: a page of those of two words. whole s: opening it with index/ removed.
`)

function stage(given: LogStage): StageResult {
  const out = execFileSync(process.execPath, [stageFile, JSON.stringify(given)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return JSON.parse(out) as StageResult
}

function megabytes(bytes: number): string {
  return String(Math.round(bytes / 2 ** 20))
}
