/** Opens a log after a crash and holds it against what had been acknowledged. */
import { readdir, readFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { compactVerify, importJWK, type JWK } from 'jose'
import { openAuditLog } from '../service/adapter/audit-log/open-audit-log.ts'
import type { Leaf } from '../service/contract/leaf.ts'
import { publicationFaults } from './crash-published.ts'
import type { CrashLog } from './crash-publisher.ts'

export type CrashFindings = {
  readonly lost: readonly string[]
  /** Everything else that is not as it must be, in words. */
  readonly faults: readonly string[]
  readonly size: number
}

/** @param acknowledged all ids, of all runs on this log; @param latest those of the last run, also looked up one by one. */
export async function checkAfterCrash(
  crashed: CrashLog,
  acknowledged: readonly string[],
  latest: readonly string[],
): Promise<CrashFindings> {
  const { directory, origin } = crashed
  const log = await openAuditLog({
    directory,
    origin,
    algorithm: 'ES256',
  })
  const faults: string[] = []
  try {
    const tokens = await tokensOf(join(directory, 'log'))
    const leaves = tokens.map(leafOf)
    const times = Map.groupBy(leaves, ({ jti }) => jti)
    const lost = acknowledged.filter((id) => !times.has(id))
    for (const [id, found] of times) if (found.length > 1) faults.push(`${id} is there twice`)
    for (const id of latest) {
      const recorded = await log.find(id)
      if (recorded === null) faults.push(`${id} cannot be found`)
      else if (recorded.disclosed === null) faults.push(`${id} lost what was disclosed`)
    }
    faults.push(...orderFaults(leaves))
    if (tokens.length !== log.size())
      faults.push(`${tokens.length} frames and ${log.size()} entries`)
    if (log.root() !== `sha256:${rootOf(tokens).toString('hex')}`) faults.push('the tree differs')
    faults.push(...(await signatureFaults(tokens, log.publicKeys)))
    faults.push(...(await publicationFaults(log, crashed)))
    return { lost, faults, size: log.size() }
  } finally {
    await log.close()
  }
}

/** Reads the frames by their lengths alone: no code in common with the log. */
async function tokensOf(directory: string): Promise<string[]> {
  const names = (await readdir(directory)).filter((name) => /^\d+\.segment$/u.test(name)).sort()
  const tokens: string[] = []
  for (const name of names) {
    const bytes = await readFile(join(directory, name))
    let offset = 0
    while (offset + 16 <= bytes.length && bytes.readUInt32BE(offset) > 0) {
      const leafBytes = bytes.readUInt32BE(offset + 8)
      tokens.push(bytes.toString('latin1', offset + 16, offset + 16 + leafBytes))
      offset += 8 + bytes.readUInt32BE(offset)
    }
  }
  return tokens
}

function leafOf(token: string): Leaf {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Leaf
}

function orderFaults(leaves: readonly Leaf[]): string[] {
  const faults: string[] = []
  const sequence = new Map<string, number>()
  for (const [index, leaf] of leaves.entries()) {
    if (leaf.index !== index) faults.push(`entry ${index} says that it is ${leaf.index}`)
    // The start of the service, say, belongs to none.
    if (leaf.workflow === undefined) continue
    const { id, seq } = leaf.workflow
    const next = sequence.get(id) ?? 0
    if (seq !== next) faults.push(`entry ${index} breaks its workflow`)
    sequence.set(id, next + 1)
  }
  return faults
}

/** RFC 6962 by its recursive definition. */
function rootOf(tokens: readonly string[]): Buffer {
  const hash = (...parts: readonly (string | Buffer)[]): Buffer => {
    const made = createHash('sha256')
    for (const part of parts) made.update(part)
    return made.digest()
  }
  const level = (from: number, to: number): Buffer => {
    if (to - from === 1) return hash('\0', tokens[from] ?? '')
    let width = 1
    while (width * 2 < to - from) width *= 2
    return hash('\x01', level(from, from + width), level(from + width, to))
  }
  return tokens.length === 0 ? hash() : level(0, tokens.length)
}

async function signatureFaults(tokens: readonly string[], keys: readonly JWK[]): Promise<string[]> {
  const imported = new Map(
    await Promise.all(keys.map(async (key) => [key.kid, await importJWK(key)] as const)),
  )
  const faults: string[] = []
  // The last entries of a run are the ones that a crash can spoil.
  for (const token of tokens.slice(-200)) {
    await compactVerify(token, ({ kid }) => {
      const key = imported.get(kid)
      if (key === undefined) throw new Error('unknown key')
      return key
    }).catch(() => faults.push('a signature does not verify'))
  }
  return faults
}
