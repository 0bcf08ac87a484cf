// `npm run fuzz -- --queries 1000000 --seed 1`: hostile tokens of every kind of proof, field by field and byte by byte,
// at a real service over HTTP. The last line is `queries N permits 0 crashes 0`; exit code 1 when it is not, when a
// promise was left unhandled, or when the process holds more at the end than it did after the first rounds.

import { parseArgs } from 'node:util'
import type { Held } from '../isolation/held.ts'
import { runFuzz } from './run-fuzz.ts'

const { values } = parseArgs({
  options: {
    queries: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    round: { type: 'string', default: '20000' },
  },
})
/** Of what is held after the first rounds: how much more may be held at the end. */
const growth = 1.25
let unhandled = 0
process.on('unhandledRejection', () => {
  unhandled += 1
})

const [queries, seed, round] = [whole('queries'), whole('seed'), whole('round')]
print(`seed ${String(seed)}: --seed chooses the same mutations again (keys and times are new)`)
const result = await runFuzz({ queries, seed, round, say: print })
for (const [kind, shots] of result.byKind) print(`${kind.padEnd(32)}${String(shots).padStart(9)}`)
for (const example of result.examples) print(`permitted: ${example}`)
const isFlat = heldFlat(result.held)
print(`unhandled rejections ${String(unhandled)}`)
const { permits, crashes } = result
print(`queries ${String(queries)} permits ${String(permits)} crashes ${String(crashes)}`)
process.exitCode = permits + crashes + unhandled === 0 && isFlat ? 0 : 1

/** The first rounds warm up; of fewer than four nothing can be said. */
function heldFlat(rounds: readonly Held[]): boolean {
  const megabytes = rounds.map(({ residentMegabytes }) => residentMegabytes)
  print(`resident MB after each round: ${megabytes.join(' ')}`)
  if (rounds.length < 4) return true
  const early = Math.max(...megabytes.slice(0, Math.ceil(megabytes.length / 4) + 1))
  const late = megabytes.slice(-Math.ceil(megabytes.length / 4)).toSorted((a, b) => a - b)
  const middle = late[Math.floor(late.length / 2)] ?? 0
  print(`held early at most ${String(early)} MB, late ${String(middle)} MB`)
  return middle <= early * growth
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
