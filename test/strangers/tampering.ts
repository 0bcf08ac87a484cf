/** What may be done to a published log, each by somebody who knows its format. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkpointText, parseCheckpoint } from '../../service/audit/checkpoint.ts'
import { decodeBundle, encodeBundle } from '../../service/audit/entry-bundle.ts'
import { parseNote, printNote } from '../../service/audit/signed-note.ts'
import { decodeTile, encodeTile } from '../../service/audit/tile-hashes.ts'
import { origin, type Stage } from './published-log.ts'

/** Changes a copy of the published directory. */
export type Tampering = (directory: string, stage: Stage) => void | Promise<void>

function edit(directory: string, path: string, change: (bytes: Buffer) => Uint8Array): void {
  const place = join(directory, path)
  writeFileSync(place, change(readFileSync(place)))
}

const flip =
  (path: string, at: number): Tampering =>
  (directory) => {
    edit(directory, path, (bytes) => bytes.with(at, bytes[at]! ^ 1))
  }

function editBundle(
  directory: string,
  path: string,
  width: number,
  change: (entries: Uint8Array[]) => Uint8Array[],
): void {
  edit(directory, path, (bytes) => encodeBundle(change([...decodeBundle(bytes, width)!])))
}

function editTile(
  directory: string,
  path: string,
  width: number,
  change: (hashes: Uint8Array[]) => Uint8Array[],
): void {
  edit(directory, path, (bytes) => encodeTile(change([...decodeTile(bytes, width)!])))
}

const swap = (parts: Uint8Array[]): Uint8Array[] => parts.with(3, parts[4]!).with(4, parts[3]!)

const replaceBy =
  (of: (stage: Stage) => string): Tampering =>
  (directory, stage) => {
    rmSync(directory, { recursive: true })
    cpSync(of(stage), directory, { recursive: true })
  }

export const tamperings = {
  'flipped byte of a hash': flip('tile/0/001', 1000),
  'flipped byte of an upper hash': flip('tile/1/000.p/2', 40),
  'flipped byte of the last tile': flip('tile/0/002.p/188', 187 * 32),
  'edited entry bundle': flip('tile/entries/001', 100),
  'dropped leaf': (directory) => {
    editBundle(directory, 'tile/entries/000', 256, (entries) => entries.toSpliced(10, 1))
  },
  'swapped leaves': (directory) => {
    editBundle(directory, 'tile/entries/000', 256, swap)
    editTile(directory, 'tile/0/000', 256, swap)
  },
  'truncated tail': (directory) => {
    editBundle(directory, 'tile/entries/002.p/188', 188, (entries) => entries.slice(0, -1))
    editTile(directory, 'tile/0/002.p/188', 188, (hashes) => hashes.slice(0, -1))
  },
  'edited checkpoint': (directory) => {
    edit(directory, 'checkpoint', (bytes) =>
      Buffer.from(bytes.toString().replace('\n700\n', '\n699\n')),
    )
  },
  'forked checkpoint': (directory, { fork }) => {
    cpSync(join(fork, 'checkpoint'), join(directory, 'checkpoint'))
  },
  'wrong origin': async (directory, { sign, keyId }) => {
    const note = parseNote(readFileSync(join(directory, 'checkpoint'), 'utf8'))!
    const text = checkpointText({ ...parseCheckpoint(note.text)!, origin: 'pdp.test/other' })
    const signature = { name: origin, id: keyId, signature: await sign(text) }
    writeFileSync(join(directory, 'checkpoint'), printNote({ text, signatures: [signature] }))
  },
  'replaced key': replaceBy(({ stranger }) => stranger),
  'whole fork under the same key': replaceBy(({ fork }) => fork),
  'cut back to an older checkpoint': replaceBy(({ older }) => older),
} as const satisfies Record<string, Tampering>
