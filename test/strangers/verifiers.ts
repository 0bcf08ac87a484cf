/** The programs that verify a published log, each as its own users run it. */
import { spawnSync } from 'node:child_process'
import { createPublicKey } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { verifyCheckpoint } from '@sigstore/verify/dist/tlog/checkpoint.js'
import { verifyMerkleInclusion } from '@sigstore/verify/dist/tlog/merkle.js'
import { resolvePart } from '../../scripts/parts/resolve.ts'
import { parseCheckpoint } from '../../service/audit/checkpoint.ts'
import { decodeBundle } from '../../service/audit/entry-bundle.ts'
import { parseVerifierKey } from '../../service/audit/note-key.ts'
import { parseNote } from '../../service/audit/signed-note.ts'
import { consistencyRanges, inclusionRanges, type EntryRange } from '../../service/audit/subtree.ts'
import { decodeTile, rangeHash } from '../../service/audit/tile-hashes.ts'
import { tileAt, tilePath, type Tile } from '../../service/audit/tile.ts'
import type { Snapshot } from './published-log.ts'

/** Seconds after which a program that does not end has refused. */
const patience = 60

/** What a program says: whether it accepts, and its last words. */
export type Said = { readonly accepts: boolean; readonly words: string }

export type Verifier = (log: Snapshot) => Said

function runProgram(
  program: 'log-sumdb' | 'log-fsck' | 'log-merkle',
  given: readonly string[],
): Said {
  const { status, stdout, stderr, error } = spawnSync(resolvePart(program), given, {
    ...{ encoding: 'utf8', timeout: patience * 1000, killSignal: 'SIGKILL' },
  })
  if (error !== undefined && status !== null) throw error
  return { accepts: status === 0, words: `${stdout}${stderr}` }
}

/** Each entry of the log with its proof, from what lies there; the root is computed by them alone. */
function sigstore({ directory, vkey }: Snapshot): Said {
  try {
    const key = parseVerifierKey(vkey)!
    const envelope = readFileSync(join(directory, 'checkpoint'), 'utf8')
    const x = Buffer.from(key.publicKey).toString('base64url')
    const log = {
      logID: Buffer.from(key.id),
      baseURL: `https://${key.name}`,
      publicKey: createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }),
      validFor: { start: new Date(0), end: new Date() },
    }
    const entry = (
      index: number,
      body: Uint8Array,
      hashes: readonly Uint8Array[],
    ): Parameters<typeof verifyCheckpoint>[0] =>
      ({
        canonicalizedBody: Buffer.from(body),
        inclusionProof: {
          checkpoint: { envelope },
          logIndex: String(index),
          hashes: hashes.map((one) => Buffer.from(one)),
        },
      }) as unknown as Parameters<typeof verifyCheckpoint>[0]
    const checkpoint = verifyCheckpoint(entry(0, new Uint8Array(0), []), [log])
    const size = Number(checkpoint.logSize)
    const tiles = tileReader(directory)
    for (let index = 0; index < size; index += 1) {
      const hashes = inclusionRanges(index, size).map((range) =>
        rangeHash(range, size, tiles.hashes),
      )
      verifyMerkleInclusion(entry(index, tiles.entry(index, size), hashes), checkpoint)
    }
    return { accepts: true, words: `${String(size)} entries` }
  } catch (error) {
    return { accepts: false, words: (error as Error).message }
  }
}

/** Each entry and each of some earlier sizes with its proof, as our own service computes them from what lies there. */
function merkle({ directory, vkey }: Snapshot): Said {
  const proofs = join(mkdtempSync(join(tmpdir(), 'countersign-proofs-')), 'proofs')
  try {
    writeFileSync(
      proofs,
      proofsOf(directory)
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(''),
    )
    return runProgram('log-merkle', [join(directory, 'checkpoint'), vkey, proofs])
  } catch (error) {
    return { accepts: false, words: (error as Error).message }
  } finally {
    rmSync(dirname(proofs), { recursive: true })
  }
}

function proofsOf(directory: string): object[] {
  const note = parseNote(readFileSync(join(directory, 'checkpoint'), 'utf8'))
  const { size = 0 } = parseCheckpoint(note?.text ?? '') ?? {}
  const tiles = tileReader(directory)
  const hash = (range: EntryRange): string =>
    Buffer.from(rangeHash(range, size, tiles.hashes)).toString('base64')
  const inclusions = Array.from({ length: size }, (_, index) => ({
    ...{ index, entry: Buffer.from(tiles.entry(index, size)).toString('base64') },
    proof: inclusionRanges(index, size).map(hash),
  }))
  const consistencies = Array.from({ length: Math.ceil(size / 7) }, (_, i) => i * 7 + 1).map(
    (from) => ({
      ...{ from, root: hash({ first: 0, end: from }) },
      proof: consistencyRanges(from, size).map(hash),
    }),
  )
  return [...inclusions, ...consistencies]
}

type Tiles = {
  readonly hashes: (tile: Tile) => readonly Uint8Array[]
  readonly entry: (index: number, size: number) => Uint8Array
}

function tileReader(directory: string): Tiles {
  const held = new Map<string, readonly Uint8Array[]>()
  const parts = (tile: Tile): readonly Uint8Array[] => {
    const path = tilePath(tile)
    const known = held.get(path)
    if (known !== undefined) return known
    const place = [path, tilePath({ ...tile, width: 256 })].find((one) =>
      existsSync(join(directory, one)),
    )
    const bytes = readFileSync(join(directory, place ?? path))
    const width = place === path ? tile.width : 256
    const found = tile.level === 'entries' ? decodeBundle(bytes, width) : decodeTile(bytes, width)
    if (found === null) throw new Error(`${path} does not hold what it says`)
    held.set(path, found)
    return found
  }
  return {
    hashes: parts,
    entry: (index, size) => parts(tileAt('entries', Math.floor(index / 256), size)!)[index % 256]!,
  }
}

export const verifiers = {
  'x/mod sumdb': ({ directory, vkey }) => runProgram('log-sumdb', [directory, vkey]),
  'x/mod sumdb, last seen': ({ directory, vkey, seen }) =>
    runProgram('log-sumdb', ['-seen', seen, directory, vkey]),
  'Tessera fsck': ({ directory, vkey }) => runProgram('log-fsck', [directory, vkey]),
  '@sigstore/verify': sigstore,
  'transparency-dev/merkle': merkle,
} as const satisfies Record<string, Verifier>

/** A `tlog-proof@v1` file and its entry. */
export function checkProof(log: Snapshot, proof: string, leaf: string): Said {
  return runProgram('log-sumdb', ['-proof', proof, '-leaf', leaf, log.directory, log.vkey])
}
