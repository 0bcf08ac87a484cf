// Whether the checkpoint has the witnesses that the auditor's policy demands (C2SP tlog-policy, tlog-cosignature): each of
// them has seen no other log of this name, and none that was longer.

import { readCosignature } from '../../../service/audit/cosignature.ts'
import { hexOf, type NoteKey } from '../../../service/audit/note-key.ts'
import { signersOf } from '../../../service/audit/signed-note.ts'
import {
  isQuorumMet,
  parseWitnessPolicy,
  type WitnessPolicy,
} from '../../../service/audit/witness-policy.ts'
import { usage } from '../../command/command.ts'
import { readGiven } from '../../command/read-file.ts'
import { LogFault } from '../log-fault.ts'
import type { SignedCheckpoint } from '../read/published-log.ts'
import { isSignedBy } from './checkpoint-check.ts'

export interface Cosigned {
  /** As the policy calls the witness. */
  readonly witness: string
  /** Seconds since the epoch, by its clock. */
  readonly time: number
}

/** Null when none was named. @throws PdpError `usage`. */
export function readPolicy(file: string | undefined): WitnessPolicy | null {
  if (file === undefined) return null
  const text = Buffer.from(readGiven(file, 'the policy of witnesses')).toString()
  const reading = parseWitnessPolicy(text)
  if (reading.ok) return reading.policy
  throw usage(`${file} is no policy of witnesses (C2SP tlog-policy): ${reading.reason}.`)
}

/** The key by which the policy knows the log of that name; null when it names none. */
export function keyInPolicy(policy: WitnessPolicy | null, origin: string): NoteKey | null {
  return policy?.logs.find(({ name }) => name === origin) ?? null
}

/** Who of the policy has signed. @throws LogFault when that is not the quorum. */
export function checkWitnesses(
  { note }: SignedCheckpoint,
  { logs, witnesses, quorum }: WitnessPolicy,
  key: NoteKey,
): readonly Cosigned[] {
  const place = { check: 'witness', file: 'checkpoint' } as const
  if (logs.length > 0 && !logs.some((log) => isSameKey(log, key))) {
    throw new LogFault({ ...place, expected: 'a log of the policy', found: key.name })
  }
  const keys = witnesses.map((one) => one.key)
  const signers = signersOf(note, keys, isSignedBy)
  if (signers === null) {
    const found = 'one that does not verify'
    throw new LogFault({ ...place, expected: 'cosignatures of its witnesses', found })
  }
  const cosigned = witnesses
    .filter((one) => signers.includes(one.key))
    .map(({ name, key: own }) => ({ witness: name, time: timeOf(note.signatures, own) }))
  if (isQuorumMet(quorum, new Set(cosigned.map(({ witness }) => witness)))) return cosigned
  const found =
    cosigned.length === 0
      ? 'none of its witnesses'
      : `only ${cosigned.map(({ witness }) => witness).join(', ')}`
  throw new LogFault({ ...place, expected: 'the quorum of the policy', found })
}

function timeOf(signatures: SignedCheckpoint['note']['signatures'], { name, id }: NoteKey): number {
  const own = signatures.find((one) => one.name === name && hexOf(one.id) === hexOf(id))
  return (own === undefined ? null : readCosignature(own.signature))?.time ?? 0
}

function isSameKey(one: NoteKey, other: NoteKey): boolean {
  return one.name === other.name && hexOf(one.publicKey) === hexOf(other.publicKey)
}
