/**
 * How many records a second the audit log takes, alone: `node scripts/node.js scripts/bench/append-bench.ts`.
 *
 * Clients wait for each answer before they ask again, as gateways do. Figures are of this machine, now:
 * compare lines of one run, not runs. `--seconds N` for each line, `--data <directory>` for the disk.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { uuidv7 } from 'uuidv7'
import { openAuditLog } from '../../service/adapter/audit-log/open-audit-log.ts'
import type { TokenSigner } from '../../service/adapter/audit-log/token.ts'
import { sampleDraft } from '../sample-draft.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '2' },
    data: { type: 'string', default: tmpdir() },
  },
})
const seconds = Number(values.seconds)

/** As long as an ES256 signature, and free. */
const unsigned: TokenSigner = (typ, payload) => {
  const encode = (text: string): string => Buffer.from(text).toString('base64url')
  return Promise.resolve(`${encode(typ)}.${encode(payload)}.${'A'.repeat(86)}`)
}

const signers = [
  ['ES256', 'ES256', undefined],
  ['Ed25519', 'Ed25519', undefined],
  ['unsigned', 'ES256', unsigned],
] as const

process.stdout.write('signature  clients  records/s  CPU us/record  p50 ms  p99 ms\n')
for (const [name, algorithm, sign] of signers) {
  for (const clients of [1, 32, 128]) {
    const directory = mkdtempSync(join(values.data, 'countersign-bench-'))
    const log = await openAuditLog({
      directory,
      origin: 'https://pdp.test/acme',
      algorithm,
      ...(sign === undefined ? {} : { sign }),
    })
    const append = async (): Promise<void> => {
      await log.append(
        sampleDraft(`dec_${uuidv7()}`, `wf_${uuidv7()}`, Math.floor(Date.now() / 1000)),
        null,
      )
    }
    await run(append, clients, Math.min(seconds, 0.5))
    const { records, elapsed, cpu, waits } = await run(append, clients, seconds)
    await log.close()
    rmSync(directory, { recursive: true })
    process.stdout.write(
      [
        name.padEnd(9),
        String(clients).padStart(8),
        String(Math.round(records / elapsed)).padStart(10),
        (cpu / records).toFixed(1).padStart(14),
        quantile(waits, 0.5).toFixed(2).padStart(7),
        `${quantile(waits, 0.99).toFixed(2).padStart(7)}\n`,
      ].join(' '),
    )
  }
}

type Run = {
  readonly records: number
  /** Seconds. */
  readonly elapsed: number
  /** Microseconds. */
  readonly cpu: number
  /** Milliseconds, sorted. */
  readonly waits: readonly number[]
}

async function run(append: () => Promise<void>, clients: number, time: number): Promise<Run> {
  const waits: number[] = []
  const start = performance.now()
  const cpuBefore = process.cpuUsage()
  const client = async (): Promise<void> => {
    while (performance.now() - start < time * 1000) {
      const asked = performance.now()
      await append()
      waits.push(performance.now() - asked)
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  const { user, system } = process.cpuUsage(cpuBefore)
  return {
    records: waits.length,
    elapsed: (performance.now() - start) / 1000,
    cpu: user + system,
    waits: waits.sort((a, b) => a - b),
  }
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0
}
