/** What holds the private keys of one log and signs with them: files, a process of its own, a KMS or a PKCS#11 token. */
import type { SignerKey, SigningUse } from '../contract/signer-message.ts'
import type { PublicKey } from '../contract/signing-key.ts'

export type { SignerKey, SigningUse }
export type SigningAlgorithm = PublicKey['alg']

/**
 * Calls may run at once. Each ends within a bounded time; when one rejects, nothing was signed, or nobody has seen what was,
 * and the caller sends nothing. A key is named by its RFC 7638 thumbprint and never changes under its name.
 *
 * The calls are those of PKCS#11 (`C_GenerateKeyPair`, `C_Sign`, `C_DestroyObject`) and of a KMS. Whoever signs there hashes for
 * ES256 (`CKM_ECDSA_SHA256`); Ed25519 takes the message whole, which some of them bound to less than a leaf: there, ES256 for decisions.
 */
export interface Signer {
  /** The keys that it can sign with. */
  keys(): Promise<readonly SignerKey[]>
  /** Makes a key; once it has resolved the key outlives this process and its host's crash. */
  make(use: SigningUse, algorithm: SigningAlgorithm): Promise<SignerKey>
  /**
   * 64 bytes: ES256 (r and s, RFC 7518 section 3.4) or Ed25519 (RFC 8032). A key of another use is refused.
   *
   * @throws PdpError `audit_unavailable`.
   */
  sign(use: SigningUse, kid: string, bytes: Uint8Array): Promise<Uint8Array>
  /** Why it cannot sign now, so that nothing is begun that it would have to sign; null while it can. */
  failure(): string | null
  /** Forgets the private half of a decision key; one that is not there is forgotten already. */
  destroy(kid: string): Promise<void>
  close(): Promise<void>
}
