// Checkpoints that witnesses have signed with the time at which they saw them (C2SP tlog-cosignature): evidence of what stood
// in the log by then, from somebody who does not have its keys.

import { createPublicKey, verify } from 'node:crypto'
import { cosignedText, readCosignature } from '../../../service/audit/cosignature.ts'
import { noteAlgorithm, type NoteKey, parseVerifierKey } from '../../../service/audit/note-key.ts'
import { isQuorumMet, type WitnessPolicy } from '../../../service/audit/witness-policy.ts'
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

/** Whose word counts: each of these alone, and a quorum of the policy. */
export interface Believed {
  readonly witnesses: readonly NoteKey[]
  readonly policy: WitnessPolicy | null
}

/**
 * When it had been seen by whom the auditor believes; the same checkpoint must be the log's own.
 *
 * @throws LogFault when a signature on it does not hold
 */
export function seenBy(
  { checkpoint, file }: Witnessed,
  { witnesses, policy }: Believed,
  logKey: NoteKey,
): readonly Seen[] {
  checkCheckpoint(checkpoint, logKey, file)
  const { size } = checkpoint
  const timeBy = (witness: NoteKey): number | null => timeOf(witness, checkpoint, file)
  const single = witnesses.map(timeBy).filter((time) => time !== null)
  const quorum = policy === null ? null : quorumTime(policy, timeBy)
  return [...single, ...(quorum === null ? [] : [quorum])].map((time) => ({ size, time }))
}

/** When the last one had signed that the quorum needs; a policy that demands none takes anybody's word. */
function quorumTime(
  { witnesses, quorum }: WitnessPolicy,
  timeBy: (witness: NoteKey) => number | null,
): number | null {
  const signed = witnesses.flatMap(({ name, key }) => {
    const time = timeBy(key)
    return time === null ? [] : [{ name, time }]
  })
  const names = new Set<string>()
  for (const { name, time } of signed.sort((a, b) => a.time - b.time)) {
    names.add(name)
    if (isQuorumMet(quorum, names)) return time
  }
  return null
}

/** Null when it has not signed. @throws LogFault */
function timeOf(witness: NoteKey, { note }: SignedCheckpoint, file: string): number | null {
  const { name, id, publicKey } = witness
  const found = note.signatures.find(
    (one) => one.name === name && Buffer.from(one.id).equals(Buffer.from(id)),
  )
  if (found === undefined) return null
  const cosignature = readCosignature(found.signature)
  const x = Buffer.from(publicKey).toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  if (cosignature !== null) {
    const { time, signature } = cosignature
    if (verify(null, Buffer.from(cosignedText(note.text, time)), key, signature)) return time
  }
  const expected = `a signature by the witness ${name}`
  throw new LogFault({ check: 'witness', file, expected, found: 'one that does not verify' })
}
