/** What holds the private keys of one log and signs with them: files, a process of its own, a KMS or a PKCS#11 token. */
import type { PublicKey } from '../contract/signing-key.ts'

/** `decision` signs leaves, `note` checkpoints: no key does both. */
export type SigningUse = 'decision' | 'note'
export type SigningAlgorithm = PublicKey['alg']

export type SignerKey = { readonly use: SigningUse; readonly key: PublicKey }

/**
 * Calls may run at once. Each ends within a bounded time; when one rejects, nothing was signed, or nobody has seen what was,
 * and the caller sends nothing. A key is named by its RFC 7638 thumbprint and never changes under its name.
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
  /** Forgets the private half of a decision key; one that is not there is forgotten already. */
  destroy(kid: string): Promise<void>
  close(): Promise<void>
}
