// What a proof of each kind costs us, new and known, beside OPA's io.jwt.decode_verify on the very same tokens. CPU of
// all threads, since both use several; the rounds of the two alternate. OPA's token cache is on, as large as ours.
//
// OPA has nothing for certificates with a SPIFFE ID, so there is nothing beside. We check more than decode_verify can: what a proof is for and covers, that its key is the token's. A proof of
// possession is never remembered by us: each is good once.

import { copyFileSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createVerifyToken } from '../../service/flow/verify-token.ts'
import { limits } from '../../service/contract/limits.ts'
import { resolvePart } from '../parts/resolve.ts'
import { freePort, startProcess, stopProcess } from './contestant.ts'
import { costOf } from './cost.ts'
import type { Memory, Proof, ProofKind } from './proof-kind.ts'
import { startProofMint, type ProofMint } from './proof-tokens.ts'
import { connections } from './load.ts'
import { row } from './report.ts'

const rounds = 3
/** Known tokens are cheap: they are shown this often, so that the clock of the CPU notices. */
const repeats = 5

type Opa = {
  readonly pid: number
  /** How many of them it finds good. */
  readonly ask: (rule: 'verified' | 'seen', proofs: readonly Proof[]) => Promise<number>
  readonly stop: () => Promise<void>
}

/** Microseconds of CPU for one proof; null: OPA cannot. */
type Costs = { readonly ours: number; readonly opa: number | null }

/** @param proofs of one kind in one round */
export async function proofsTable(folder: string, proofs: number): Promise<string> {
  const mint = await startProofMint()
  const opa = await startOpaFor(folder, mint)
  try {
    const lines = [row('CPU us a proof: ours, OPA, ratio', ['new', '', '', 'known', '', ''])]
    for (const kind of mint.kinds) {
      const { fresh, known } = await measureKind(kind, mint, opa, proofs)
      lines.push(row(kind.name, [...cells(fresh), ...cells(known)]))
    }
    return `${lines.join('\n')}\n`
  } finally {
    await opa.stop()
    await mint.tokens.close()
  }
}

function cells({ ours, opa }: Costs): readonly string[] {
  if (opa === null) return [ours.toFixed(1), '-', '-']
  return [ours.toFixed(1), opa.toFixed(1), (ours / opa).toFixed(2)]
}

async function measureKind(
  kind: ProofKind,
  { freshKeySets }: ProofMint,
  opa: Opa,
  count: number,
): Promise<{ readonly fresh: Costs; readonly known: Costs }> {
  const sums = { fresh: { ours: 0, opa: 0 }, known: { ours: 0, opa: 0 } }
  for (let round = 0; round < rounds; round += 1) {
    const proofs = await Promise.all(Array.from({ length: count }, kind.make))
    const keySets = freshKeySets()
    const memory: Memory = { verify: createVerifyToken(keySets), keySets }
    const ours = (): Promise<number> => verifyAll(kind, proofs, memory)
    sums.fresh.ours += await cpu(process.pid, ours)
    sums.known.ours += (await cpu(process.pid, () => times(repeats, ours))) / repeats
    if (kind.isBeyondOpa === true) continue
    const theirs = (): Promise<number> => opa.ask('verified', proofs)
    const empty = await cpu(opa.pid, () => times(repeats, () => opa.ask('seen', proofs)))
    sums.fresh.opa += (await cpu(opa.pid, theirs)) - empty / repeats
    sums.known.opa += ((await cpu(opa.pid, () => times(repeats, theirs))) - empty) / repeats
  }
  const each = ({ ours, opa: theirs }: typeof sums.fresh): Costs => ({
    ours: ours / (rounds * count),
    opa: kind.isBeyondOpa === true ? null : theirs / (rounds * count),
  })
  return { fresh: each(sums.fresh), known: each(sums.known) }
}

async function times(count: number, act: () => Promise<unknown>): Promise<void> {
  for (let at = 0; at < count; at += 1) await act()
}

async function cpu(pid: number, act: () => Promise<unknown>): Promise<number> {
  const before = costOf(pid).cpuMicroseconds
  await act()
  return costOf(pid).cpuMicroseconds - before
}

/** @throws Error when one is not accepted: a refusal may be quick. */
async function verifyAll(
  kind: ProofKind,
  proofs: readonly Proof[],
  memory: Memory,
): Promise<number> {
  for (let at = 0; at < proofs.length; at += connections) {
    const some = proofs.slice(at, at + connections)
    const good = await Promise.all(some.map((proof) => kind.verify(proof, memory)))
    if (good.includes(false)) throw new Error(`a genuine ${kind.name} is refused`)
  }
  return proofs.length
}

async function startOpaFor(folder: string, { constraints }: ProofMint): Promise<Opa> {
  const source = join(folder, 'proofs')
  mkdirSync(source, { recursive: true })
  writeFileSync(join(source, 'data.json'), JSON.stringify({ constraints }))
  copyFileSync(join(import.meta.dirname, 'opa/proofs.rego'), join(source, 'proofs.rego'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const cache = 'caching.inter_query_builtin_value_cache.named.io_jwt.max_num_entries'
  const child = await startProcess(
    resolvePart('opa'),
    [
      ...['run', '--server', '--addr', `127.0.0.1:${port}`, '--disable-telemetry'],
      ...['--log-level', 'error', '--set', `${cache}=${limits.verifiedTokens}`, source],
    ],
    { ready: `${url}/health`, output: openSync('/dev/null', 'w'), environment: { GOGC: '200' } },
  )
  return {
    pid: child.pid ?? 0,
    ask: async (rule, proofs) => {
      const body = JSON.stringify({ input: { tokens: proofs.flat() } })
      const reply = await fetch(`${url}/v1/data/proofs/${rule}`, { method: 'POST', body })
      const { result } = (await reply.json()) as { result: number }
      if (result !== proofs.flat().length) throw new Error(`OPA finds ${result} good`)
      return result
    },
    stop: () => stopProcess(child),
  }
}
