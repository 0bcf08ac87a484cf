/**
 * Holds a log that is being read against every checkpoint that it has signed: none of them may be
 * contradicted, for somebody else may have it.
 */
import { parseCheckpoint, type Checkpoint } from '../../../audit/checkpoint.ts'
import { sameHash, type GrowingTree } from '../../../audit/merkle.ts'
import type { NoteKey } from '../../../audit/note-key.ts'
import { parseNote, signersOf } from '../../../audit/signed-note.ts'
import { PdpError } from '../../../contract/error-code.ts'
import { notePaths, readIfThere } from './file-publication.ts'
import { verifyNote } from './note-signer.ts'

export type SignedCheckpoint = Checkpoint & { readonly path: string }

/** Whether any checkpoint lies here, whoever signed it. */
export async function anySigned(directory: string): Promise<boolean> {
  const notes = await Promise.all(notePaths(directory).map(readIfThere))
  return notes.some((note) => note !== null)
}

/** @throws PdpError `log_corrupt` for a file that is no checkpoint, `config_invalid` for one of another key or name. */
export async function readSignedCheckpoints(
  directory: string,
  key: NoteKey,
): Promise<readonly SignedCheckpoint[]> {
  const found: SignedCheckpoint[] = []
  for (const path of notePaths(directory)) {
    const note = await readIfThere(path)
    if (note !== null) found.push({ ...checked(Buffer.from(note).toString(), path, key), path })
  }
  return found
}

function checked(text: string, path: string, key: NoteKey): Checkpoint {
  const note = parseNote(text)
  const checkpoint = note === null ? null : parseCheckpoint(note.text)
  if (note === null || checkpoint === null) {
    throw new PdpError(
      'log_corrupt',
      `${path} is not a signed checkpoint. Restore it, with the log, from the same copy.`,
    )
  }
  if (checkpoint.origin !== key.name) {
    throw new PdpError(
      'config_invalid',
      `${path} was signed for the log ${checkpoint.origin}, and this one would be ${key.name}: a log keeps its ` +
        'name for ever. Put public_url and the id of the tenant back, or start with a new data directory.',
    )
  }
  if (signersOf(note, [key], verifyNote)?.includes(key) !== true) {
    throw new PdpError(
      'config_invalid',
      `${path} is not signed by keys/note-ed25519.jwk. Restore the key that this log has always had; ` +
        'if it is the right one, the checkpoint was changed: keep it as evidence.',
    )
  }
  return checkpoint
}

/** @throws PdpError `log_corrupt` when the tree, at the size of a checkpoint, has another root. */
export function refuseOtherRoot(tree: GrowingTree, signed: readonly SignedCheckpoint[]): void {
  for (const { size, root, path } of signed) {
    if (size !== tree.size || sameHash(root, tree.root())) continue
    throw new PdpError(
      'log_corrupt',
      `${path} was signed over ${String(size)} entries with the root ${hex(root)}; those that are in log/ now have the ` +
        `root ${hex(tree.root())}: entries were changed after they were signed, or a log was put in another's place. ` +
        `Nothing was changed now. ${investigate}`,
    )
  }
}

/** @throws PdpError `log_corrupt` when a checkpoint covers more entries than there are. */
export function refuseMissing(size: number, signed: readonly SignedCheckpoint[]): void {
  const beyond = signed.find((checkpoint) => checkpoint.size > size)
  if (beyond === undefined) return
  throw new PdpError(
    'log_corrupt',
    `${beyond.path} was signed over ${String(beyond.size)} entries, and log/ holds ${String(size)}: acknowledged entries are ` +
      `lost. ${investigate}`,
  )
}

const investigate =
  'Keep a copy of the whole directory; find the first tile under published/tile/entries/ whose entries differ from log/ ' +
  '(it tells what was changed, and published/ what others have seen); then restore log/ from a copy that agrees.'

function hex(hash: Uint8Array): string {
  return Buffer.from(hash).toString('hex')
}
