// `npm run fuzz -- --queries 1000000 --seed 1`: hostile tokens of every kind of proof, field by field and byte by byte,
// at a real service over HTTP and TLS. The last line is `queries N permits 0 crashes 0`; exit code 1 when it is not, when a
// promise was left unhandled, or when the process holds more at the end of a round than it did in its beginning.

import { parseArgs } from 'node:util'
import type { Held } from '../isolation/held.ts'
import { runFuzz } from './run-fuzz.ts'

const { values } = parseArgs({
  options: {
    queries: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    round: { type: 'string', default: '250000' },
    slice: { type: 'string', default: '10000' },
  },
})
/** Of what is held in the beginning: how much may be held at the end. */
const growth = 1.25
let unhandled = 0
process.on('unhandledRejection', () => {
  unhandled += 1
})

const [queries, seed] = [whole('queries'), whole('seed')]
const [round, slice] = [whole('round'), whole('slice')]
print(`seed ${String(seed)}: --seed chooses the same mutations again (keys and times are new)`)
const result = await runFuzz({ queries, seed, round, slice, say: print })
for (const [kind, shots] of result.byKind) print(`${kind.padEnd(48)}${String(shots).padStart(9)}`)
for (const example of result.examples) print(`permitted: ${example}`)
const isFlat = heldFlat(result.held)
print(`unhandled rejections ${String(unhandled)}`)
const { permits, crashes } = result
print(`queries ${String(queries)} permits ${String(permits)} crashes ${String(crashes)}`)
process.exitCode = permits + crashes + unhandled === 0 && isFlat ? 0 : 1

/** Within each round, since starting and stopping services in one process has a price of its own. */
function heldFlat(all: readonly (readonly Held[])[]): boolean {
  return all.map(isFlatRound).every(Boolean)
}

/** The first quarter warms up; of fewer than four slices nothing can be said. */
function isFlatRound(slices: readonly Held[]): boolean {
  const megabytes = slices.map(({ residentMegabytes }) => residentMegabytes)
  print(`resident MB after each slice of a round: ${megabytes.join(' ')}`)
  if (megabytes.length < 4) return true
  const quarter = Math.ceil(megabytes.length / 4)
  const warm = Math.max(...megabytes.slice(0, quarter))
  const bound = Math.floor(warm * growth)
  const middle = medianOf(megabytes.slice(quarter, -quarter))
  const end = medianOf(megabytes.slice(-quarter))
  const [start] = megabytes
  print(
    `resident MB start ${String(start)} warm ${String(warm)} middle ${String(middle)} end ${String(end)} bound ${String(bound)}`,
  )
  return end <= bound
}

function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

function whole(name: keyof typeof values): number {
  const number = Number(values[name])
  if (Number.isSafeInteger(number) && number > 0) return number
  process.stderr.write(`--${name} ${values[name]}: give a whole number above 0\n`)
  process.exit(2)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
