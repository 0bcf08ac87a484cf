// That people signed what they approved, from the leaves alone: a vote by passkey has a signature over that approval, what was shown
// of it and the verdict, by a key that an earlier leaf enrolled for the same account (Web Authentication Level 3, section 7.2).
// A fold.

import { createHash, verify } from 'node:crypto'
import type { ApprovalVote } from '../../../service/contract/approval.ts'
import type { EventLeaf, Leaf } from '../../../service/contract/leaf.ts'
import type {
  PasskeyAssertion,
  PasskeyEnrolment,
  PasskeyRemoval,
} from '../../../service/contract/passkey.ts'
import { digestOf } from '../../../service/statement/digest.ts'
import { LogFault } from '../log-fault.ts'
import { coseKey } from './cose-key.ts'

const userPresent = 0x01
const userVerified = 0x04

export class PasskeySignatures {
  readonly #enrolled = new Map<string, PasskeyEnrolment>()
  readonly #first: number

  /** @param first the first entry that is read: of keys that were enrolled before it nothing is known */
  constructor(first = 0) {
    this.#first = first
  }

  /** Takes the next leaf. @throws LogFault */
  check(leaf: Leaf): void {
    if (leaf.kind === 'passkey_enrolled') this.#enrol(leaf)
    else if (leaf.kind === 'passkey_removed') this.#remove(leaf)
    else if (leaf.kind === 'approval_vote') this.#vote(leaf)
  }

  #enrol({ index, event }: EventLeaf): void {
    const enrolment = event as PasskeyEnrolment
    const { credential_id: id, public_key: key } = enrolment
    if (this.#enrolled.has(id)) fault(index, 'a passkey that is not enrolled yet', id)
    if (coseKey(Buffer.from(key, 'base64url')) === null)
      fault(index, 'a public key for ES256 or RS256', key)
    this.#enrolled.set(id, enrolment)
  }

  #remove({ index, event }: EventLeaf): void {
    const { account, credential_id: id } = event as PasskeyRemoval
    if (this.#mayBeOlder(id)) return
    if (this.#enrolled.get(id)?.account !== account)
      fault(index, 'the removal of a passkey of that account', id)
    this.#enrolled.delete(id)
  }

  #vote({ index, event }: EventLeaf): void {
    const vote = event as ApprovalVote
    const { passkey, assurance, voter } = vote
    if ((assurance === 'passkey') !== (passkey !== undefined))
      fault(index, 'a signature where the assurance is passkey, and only there', assurance)
    if (passkey === undefined || this.#mayBeOlder(passkey.credential_id)) return
    const enrolment = this.#enrolled.get(passkey.credential_id)
    if (enrolment?.account !== voter)
      fault(index, 'a passkey that an earlier leaf enrolled for the voter', passkey.credential_id)
    else checkSignature(index, passkey, vote, enrolment)
  }

  #mayBeOlder(credential: string): boolean {
    return this.#first > 0 && !this.#enrolled.has(credential)
  }
}

function checkSignature(
  index: number,
  { nonce, authenticator_data: data, client_data: client, signature }: PasskeyAssertion,
  { approval_id, shown_digest, verdict }: ApprovalVote,
  { rp_id: host, origin, public_key: key }: PasskeyEnrolment,
): void {
  const said = clientData(client)
  const digest = digestOf('passkey-challenge', { approval_id, nonce, shown_digest, verdict })
  const challenge = Buffer.from(digest.slice('sha256:'.length), 'hex').toString('base64url')
  if (said['type'] !== 'webauthn.get' || said['challenge'] !== challenge)
    fault(index, `a signature over ${challenge}`, String(said['challenge']))
  if (said['origin'] !== origin || said['crossOrigin'] === true)
    fault(index, `a signature made at ${origin}`, String(said['origin']))
  const bytes = Buffer.from(data, 'base64url')
  if (!bytes.subarray(0, 32).equals(sha256(Buffer.from(host))))
    fault(index, `a signature for ${host}`, 'one for another')
  const flags = bytes[32] ?? 0
  if ((flags & userPresent) === 0 || (flags & userVerified) === 0)
    fault(index, 'a person who was present and verified', `flags ${String(flags)}`)
  const publicKey = coseKey(Buffer.from(key, 'base64url'))
  const signed = Buffer.concat([bytes, sha256(Buffer.from(client, 'base64url'))])
  const isSigned =
    publicKey !== null && verify('sha256', signed, publicKey, Buffer.from(signature, 'base64url'))
  if (!isSigned) fault(index, 'a signature by the key that was enrolled', signature)
}

/** What no browser wrote says nothing. */
function clientData(client: string): Readonly<Record<string, unknown>> {
  try {
    const said: unknown = JSON.parse(Buffer.from(client, 'base64url').toString())
    return typeof said === 'object' && said !== null ? (said as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest()
}

function fault(index: number, expected: string, found: string): never {
  throw new LogFault({ check: 'consent', index, expected, found })
}
