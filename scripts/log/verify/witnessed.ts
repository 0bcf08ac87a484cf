// Checkpoints that witnesses have signed with the time at which they saw them (C2SP tlog-cosignature): evidence of what stood
// in the log by then, from somebody who does not have its keys.

import { createPublicKey, verify } from 'node:crypto'
import { cosignedText, readCosignature } from '../../../service/audit/cosignature.ts'
import { noteAlgorithm, type NoteKey, parseVerifierKey } from '../../../service/audit/note-key.ts'
import { usage } from '../../command/command.ts'
import { readGiven } from '../../command/read-file.ts'
import { LogFault } from '../log-fault.ts'
import { readCheckpoint, type SignedCheckpoint } from '../read/published-log.ts'
import { checkCheckpoint } from './checkpoint-check.ts'
import type { Seen } from './suspects.ts'

export interface Witnessed {
  readonly checkpoint: SignedCheckpoint
  /** How it is called in a message. */
  readonly file: string
}

/** @throws PdpError `usage`. */
export function readWitnessKey(file: string): NoteKey {
  const text = Buffer.from(readGiven(file, 'the verifier key of a witness')).toString().trim()
  const key = parseVerifierKey(text)
  if (key?.algorithm === noteAlgorithm.cosignature) return key
  throw usage(`${file} is no verifier key of a witness: name a file with <name>+<id>+<key>.`)
}

/** @throws PdpError `usage`. */
export function readWitnessed(file: string): Witnessed {
  const what = 'a checkpoint with the signature of a witness'
  const checkpoint = readCheckpoint(Buffer.from(readGiven(file, what)).toString())
  if (checkpoint === null) throw usage(`${file} is no signed checkpoint: name ${what}.`)
  return { checkpoint, file }
}

/**
 * When each of the witnesses saw it; the same checkpoint must be the log's own.
 *
 * @throws LogFault when a signature on it does not hold
 */
export function seenBy(
  { checkpoint, file }: Witnessed,
  witnesses: readonly NoteKey[],
  logKey: NoteKey,
): readonly Seen[] {
  checkCheckpoint(checkpoint, logKey, file)
  const { note, size } = checkpoint
  return note.signatures.flatMap(({ name, id, signature }) => {
    const witness = witnesses.find(
      (one) => one.name === name && Buffer.from(one.id).equals(Buffer.from(id)),
    )
    if (witness === undefined) return []
    const time = timeOf(witness, note.text, signature)
    if (time !== null) return [{ size, time }]
    const expected = `a signature by the witness ${name}`
    throw new LogFault({ check: 'witness', file, expected, found: 'one that does not verify' })
  })
}

function timeOf({ publicKey }: NoteKey, text: string, blob: Uint8Array): number | null {
  const cosignature = readCosignature(blob)
  if (cosignature === null) return null
  const { time, signature } = cosignature
  const x = Buffer.from(publicKey).toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  return verify(null, Buffer.from(cosignedText(text, time)), key, signature) ? time : null
}
