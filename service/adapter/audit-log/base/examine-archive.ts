/**
 * Whether an archive holds, byte for byte, what is to be pruned: each segment with all that is sealed in it, and each bundle of
 * entries that is published. What was read here is hashed, so that whoever prunes can hold it against signed trees.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { encodeBundle, decodeBundle } from '../../../audit/entry-bundle.ts'
import { GrowingTree, leafHash } from '../../../audit/merkle.ts'
import { scanSegment } from '../../../audit/scan.ts'
import { tilePath, tileWidth } from '../../../audit/tile.ts'
import { PdpError } from '../../../contract/error-code.ts'
import type { Leaf } from '../../../contract/leaf.ts'
import type { LogFileSystem } from '../file-system.ts'
import { readIfThere } from '../publication/file-publication.ts'
import { readEntry } from '../read-entry.ts'
import { segmentFirsts, segmentName } from '../segments.ts'

export type Examining = {
  readonly system: LogFileSystem
  /** Of the segments. */
  readonly log: string
  /** The directory that was named as archive. */
  readonly archive: string
  /** The tree that the first entry that is there goes on with. */
  readonly from: GrowingTree
  /** No entry from this index on. */
  readonly before: number
  /** Whether the service still needs the entry itself. */
  readonly isNeeded: (leaf: Leaf) => boolean
}

/**
 * The tree over the entries that may go: whole segments, up to the first that holds an entry that is needed, or that is not to go.
 *
 * @throws PdpError `usage` when the archive lacks one of them, or holds another; `log_corrupt` when the log is damaged.
 */
export async function examineArchive(examining: Examining): Promise<GrowingTree> {
  const { system, log, from, before } = examining
  const firsts = segmentFirsts(await system.list(log)).filter((first) => first >= from.size)
  let tree = new GrowingTree(from.size, from.peaks)
  const bundles = new Bundles(examining.archive, tree.size)
  for (const [at, first] of firsts.entries()) {
    const next = firsts[at + 1]
    // The last segment is being written.
    if (next === undefined || next > before) break
    const passed = await passSegment(first, next, tree, examining)
    if (passed === null) break
    tree = passed.tree
    await bundles.take(passed.leaves)
  }
  return tree
}

type Passed = { readonly tree: GrowingTree; readonly leaves: readonly Uint8Array[] }

/** Null when an entry of it is needed. */
async function passSegment(
  first: number,
  next: number,
  before: GrowingTree,
  { system, log, archive, isNeeded }: Examining,
): Promise<Passed | null> {
  const name = segmentName(first)
  const own = await system.read(join(log, name))
  const { frames } = scanSegment(own, crc32)
  const tree = new GrowingTree(before.size, before.peaks)
  const leaves: Uint8Array[] = []
  for (const frame of frames) {
    const { offset, bytes } = frame
    const entry = readEntry(frame, { segment: first, offset, bytes }, tree.size)
    if (entry === null) throw damaged(join(log, name), tree.size)
    if (isNeeded(entry.leaf)) return null
    tree.append(leafHash(frame.leaf))
    leaves.push(frame.leaf)
  }
  if (tree.size !== next) throw damaged(join(log, name), tree.size)
  const kept = await readFile(join(archive, 'log', name)).catch(() => null)
  if (kept === null || Buffer.compare(kept, own) !== 0) throw lacks(archive, `log/${name}`)
  return { tree, leaves }
}

/** Holds leaves, in their order, against the bundles of the archive. */
class Bundles {
  readonly #archive: string
  /** The entry that the next leaf is. */
  #next: number
  #leaves: Uint8Array[] = []

  constructor(archive: string, next: number) {
    this.#archive = archive
    this.#next = next
  }

  async take(leaves: readonly Uint8Array[]): Promise<void> {
    for (const leaf of leaves) {
      this.#leaves.push(leaf)
      this.#next += 1
      if (this.#next % tileWidth === 0) await this.#compare()
    }
  }

  /** The first bundle may begin with entries that are gone already, and were compared before they went. */
  async #compare(): Promise<void> {
    const index = this.#next / tileWidth - 1
    const path = `published/${tilePath({ level: 'entries', index, width: tileWidth })}`
    const bytes = await readIfThere(join(this.#archive, path))
    const kept = bytes === null ? null : decodeBundle(bytes, tileWidth)
    const ours = encodeBundle(this.#leaves)
    const theirs = kept === null ? null : encodeBundle(kept.slice(tileWidth - this.#leaves.length))
    this.#leaves = []
    if (theirs === null || Buffer.compare(ours, theirs) !== 0) throw lacks(this.#archive, path)
  }
}

function lacks(archive: string, file: string): PdpError {
  return new PdpError(
    'usage',
    `${archive} does not hold ${file} as the log has it: run "countersign log archive" again, and name its directory. Nothing was pruned.`,
  )
}

function damaged(path: string, index: number): PdpError {
  return new PdpError(
    'log_corrupt',
    `${path} does not hold entry ${String(index)} where it should be. Nothing was pruned.`,
  )
}
