// What a swap of the policy costs those who ask meanwhile: `npm run bench:swap`.
//
// The service as it ships, a registry that makes its bundle 5 MB, and gateways that ask again as soon as they are answered.
// Each swap lasts from the release of a bundle to the first answer by it; windows without one are as long, and in between,
// since a shared machine changes its pace. The last line is `swap p99 ratio <during, to without>`; above the bar of 2 it exits 1.

import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadDevelopmentKeys } from '../../service/adapter/development/development-keys.ts'
import { development } from '../../service/adapter/development/development-tenant.ts'
import { cache } from '../parts/root.ts'
import { wait } from './contestant.ts'
import { startCountersign } from './countersign.ts'
import { questionsOf } from './question.ts'
import { benchRegistry } from './registry.ts'
import { figure, row } from './report.ts'
import { releaseInto } from './swap-release.ts'
import { startAsking, type Answered } from './swap-load.ts'
import { issuersOf } from './token.ts'

const bar = 2
const { values } = parseArgs({
  options: {
    swaps: { type: 'string', default: '10' },
    megabytes: { type: 'string', default: '5' },
    gateways: { type: 'string', default: '16' },
  },
})
const [swaps, megabytes, gateways] = [whole('swaps'), whole('megabytes'), whole('gateways')]
const folder = join(cache, `swap-bench-${process.pid}`)
mkdirSync(folder, { recursive: true })
process.on('exit', () => {
  rmSync(folder, { recursive: true, force: true })
})
process.exitCode = (await bench()) <= bar ? 0 : 1

async function bench(): Promise<number> {
  const data = join(folder, 'data')
  const keys = await loadDevelopmentKeys(data)
  const issuers = issuersOf(keys)
  const registry = benchRegistry(development.identityIssuer)
  const service = await startCountersign(folder, data, { registry, pepToken: issuers.pepToken() })
  try {
    const bodies = questionsOf(2000, 'reused', issuers).map(({ query }) => service.bodyOf(query))
    const load = startAsking(service, bodies, gateways)
    const release = releaseInto(join(folder, 'bundles'), registry, megabytes * 1024 * 1024)
    const { during, without, lasted } = await windows(load, release)
    await load.stop()
    return print({ during, without, lasted, bytes: release.bytes() })
  } finally {
    await service.stop()
  }
}

type Windows = {
  /** Milliseconds that each answer took. */
  readonly during: readonly number[]
  readonly without: readonly number[]
  /** Milliseconds that each swap lasted. */
  readonly lasted: readonly number[]
}

/** The first swap warms up. */
async function windows(
  load: ReturnType<typeof startAsking>,
  release: ReturnType<typeof releaseInto>,
): Promise<Windows> {
  const during: number[] = []
  const without: number[] = []
  const lasted: number[] = []
  for (let swap = 0; swap <= swaps; swap += 1) {
    const next = release.prepare()
    await wait(1000)
    const before = load.policy()
    const start = performance.now()
    next()
    while (load.policy() === before) await wait(5)
    const end = performance.now()
    // The engine that was replaced is still leaving.
    await wait(1000)
    const quiet = performance.now()
    await wait(end - start)
    if (swap === 0) continue
    lasted.push(end - start)
    during.push(...tookWithin(load.answered(), start, end))
    without.push(...tookWithin(load.answered(), quiet, quiet + end - start))
  }
  return { during, without, lasted }
}

/** Of every answer that was waited for in the window, whenever it was asked for. */
function tookWithin(answered: readonly Answered[], start: number, end: number): number[] {
  return answered
    .filter((one) => one.end >= start && one.start <= end)
    .map((one) => one.end - one.start)
}

function print({ during, without, lasted, bytes }: Windows & { readonly bytes: number }): number {
  const ratio = quantile(during, 0.99) / quantile(without, 0.99)
  const line = (name: string, took: readonly number[]): string =>
    row(name, [
      String(took.length),
      ...[0.5, 0.99, 1].map((share) => figure(quantile(took, share))),
    ])
  process.stdout.write(
    [
      `${swaps} swaps of a bundle of ${(bytes / 1024 / 1024).toFixed(1)} MB, ${gateways} gateways; a swap lasts ${figure(quantile(lasted, 0.5))} ms (median)`,
      row('', ['answers', 'p50 ms', 'p99 ms', 'most ms']),
      line('without', without),
      line('during a swap', during),
      `swap p99 ratio ${ratio.toFixed(2)}\n`,
    ].join('\n'),
  )
  return ratio
}

function quantile(waited: readonly number[], share: number): number {
  const sorted = [...waited].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
}

function whole(name: keyof typeof values): number {
  const number = Number(values[name])
  if (Number.isSafeInteger(number) && number > 0) return number
  process.stderr.write(`--${name} ${values[name]}: give a whole number above 0\n`)
  process.exit(2)
}
