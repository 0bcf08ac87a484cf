/** Passkeys that stand, as the leaves have them: a fold over enrolments, removals and the votes that were signed. */
import type { ApprovalVote } from '../contract/approval.ts'
import type { EventLeaf, Leaf } from '../contract/leaf.ts'
import type { PasskeyEnrolment, PasskeyRemoval } from '../contract/passkey.ts'
import { decodeBase64url } from '../statement/base64url.ts'

export type Passkey = PasskeyEnrolment & {
  /** Of the leaf that enrolled it. */
  readonly id: string
  /** Seconds since the epoch. */
  readonly enrolledAt: number
  readonly lastUsedAt: number | null
}

export class Passkeys {
  /** By credential; in the order of enrolment. */
  readonly #all: Map<string, Passkey>

  constructor(saved: readonly Passkey[] | null = null) {
    this.#all = new Map(saved?.map((passkey) => [passkey.credential_id, passkey]))
  }

  /** @param account pseudonym */
  of(account: string): readonly Passkey[] {
    return [...this.#all.values()].filter((passkey) => passkey.account === account)
  }

  /** A credential of anybody: one is never enrolled twice. */
  find(credential: string): Passkey | null {
    return this.#all.get(credential) ?? null
  }

  follow(leaf: Leaf): void {
    if (leaf.kind === 'passkey_enrolled') this.#enrol(leaf)
    else if (leaf.kind === 'passkey_removed')
      this.#all.delete((leaf.event as PasskeyRemoval).credential_id)
    else if (leaf.kind === 'approval_vote') this.#use(leaf)
  }

  save(): readonly Passkey[] {
    return [...this.#all.values()]
  }

  #enrol({ jti: id, iat: enrolledAt, event }: EventLeaf): void {
    const { account, credential_id, public_key, sign_count, rp_id, origin, device } =
      event as PasskeyEnrolment
    if (this.#all.has(credential_id)) return
    this.#all.set(credential_id, {
      ...{ id, enrolledAt, lastUsedAt: null },
      ...{ account, credential_id, public_key, sign_count, rp_id, origin, device },
    })
  }

  #use({ iat: lastUsedAt, event }: EventLeaf): void {
    const { passkey: assertion } = event as ApprovalVote
    const known = assertion === undefined ? undefined : this.#all.get(assertion.credential_id)
    if (assertion === undefined || known === undefined) return
    const sign_count = signCountOf(assertion.authenticator_data)
    this.#all.set(known.credential_id, { ...known, sign_count, lastUsedAt })
  }
}

/** Bytes 33 to 36 of authenticator data (Web Authentication Level 3, section 6.1). */
function signCountOf(authenticatorData: string): number {
  const bytes = decodeBase64url(authenticatorData) ?? new Uint8Array()
  return bytes.length < 37 ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(33)
}
