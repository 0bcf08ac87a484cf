/**
 * Keys in another process: nothing here ever holds a private one. Every signature is verified before anybody sees it, for
 * what a signer with another key gives would be worth nothing, and nobody would know before the first auditor.
 */
import { createPublicKey, verify, type KeyObject } from 'node:crypto'
import { PdpError } from '../../contract/error-code.ts'
import type { SignerReply } from '../../contract/signer-message.ts'
import type { PublicKey } from '../../contract/signing-key.ts'
import type { Signer, SignerKey, SigningAlgorithm, SigningUse } from '../../port/signer.ts'
import { thumbprint } from '../../statement/thumbprint.ts'
import { SignerLink, type LinkOptions } from './signer-link.ts'

type KnownKey = SignerKey & { readonly publicKey: KeyObject }

export class RemoteSigner implements Signer {
  readonly #link: SignerLink
  readonly #known = new Map<string, KnownKey>()

  private constructor(link: SignerLink) {
    this.#link = link
  }

  /** @throws PdpError `config_invalid` when no signer is there in time. */
  static async connect(options: LinkOptions): Promise<RemoteSigner> {
    return new RemoteSigner(await SignerLink.open(options))
  }

  failure(): string | null {
    return this.#link.failure()
  }

  async keys(): Promise<readonly SignerKey[]> {
    const reply = await this.#link.ask({ call: 'keys' })
    const keys = 'keys' in reply ? reply.keys : unexpected(reply)
    for (const key of keys) this.#learn(key)
    return keys
  }

  async make(use: SigningUse, algorithm: SigningAlgorithm): Promise<SignerKey> {
    const reply = await this.#link.ask({ call: 'make', use, algorithm })
    const made = 'made' in reply ? reply.made : unexpected(reply)
    if (made.use !== use || made.key.alg !== algorithm) throw wrong('a key of another kind')
    this.#learn(made)
    return made
  }

  async sign(use: SigningUse, kid: string, bytes: Uint8Array): Promise<Uint8Array> {
    const known = this.#known.get(kid)
    if (known?.use !== use) throw wrong(`no private ${use} key ${kid}`)
    const asked = { call: 'sign', use, kid, bytes: Buffer.from(bytes).toString('base64') } as const
    const reply = await this.#link.ask(asked)
    const text = 'signature' in reply ? reply.signature : unexpected(reply)
    const signature = Buffer.from(text, 'base64')
    if (await isBy(known, bytes, signature)) return signature
    throw wrong(`a signature that the key ${kid} does not verify`)
  }

  async destroy(kid: string): Promise<void> {
    await this.#link.ask({ call: 'destroy', kid })
  }

  close(): Promise<void> {
    this.#link.close()
    return Promise.resolve()
  }

  #learn({ use, key }: SignerKey): void {
    const { kty, crv, x, y, kid } = key
    const required = y === undefined ? { crv, kty, x } : { crv, kty, x, y }
    if (thumbprint(required) !== kid) throw wrong(`a key under a name that is not its own, ${kid}`)
    if (this.#known.has(kid)) return
    this.#known.set(kid, { use, key, publicKey: publicKeyOf(key) })
  }
}

function publicKeyOf(key: PublicKey): KeyObject {
  try {
    return createPublicKey({ key, format: 'jwk' })
  } catch (cause) {
    throw wrong(`a key that is none, ${key.kid}`, cause)
  }
}

function isBy(
  { key, publicKey }: KnownKey,
  bytes: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const digest = key.alg === 'ES256' ? 'sha256' : null
  const by = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const
  return new Promise((resolve) => {
    verify(digest, bytes, by, signature, (error, isValid) => {
      resolve(error === null && isValid)
    })
  })
}

function unexpected(reply: SignerReply): never {
  throw wrong(`an answer to something else (${Object.keys(reply).join(', ')})`)
}

function wrong(what: string, cause?: unknown): PdpError {
  return new PdpError('audit_unavailable', `The signer has ${what}.`, { cause })
}
