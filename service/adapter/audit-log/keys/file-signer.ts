/** Signs with keys in files: `signing/<kid>.jwk` sign decisions, `note-ed25519.jwk` checkpoints. */
import { createPrivateKey, sign, type KeyObject } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PdpError } from '../../../contract/error-code.ts'
import type { Signer, SignerKey, SigningAlgorithm, SigningUse } from '../../../port/signer.ts'
import { generateSigningKey, publicHalf } from './jwk.ts'
import { makePrivateDirectory, readKeyFile, syncDirectory, writeKeyFile } from './key-file.ts'
import type { Passphrase } from './sealed-key.ts'

type HeldKey = SignerKey & { readonly privateKey: KeyObject }

export const noteKeyFile = 'note-ed25519.jwk'

/** The files of private signing keys under a directory, as paths from it. */
export async function privateKeyFiles(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory, { recursive: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  })
  return names.filter((name) => name === noteKeyFile || /^signing[/\\].*\.jwk$/u.test(name))
}

export class FileSigner implements Signer {
  readonly #directory: string
  readonly #passphrase: Passphrase | null
  readonly #held = new Map<string, HeldKey>()

  private constructor(directory: string, passphrase: Passphrase | null) {
    this.#directory = directory
    this.#passphrase = passphrase
  }

  /** @param directory made when absent. @throws PdpError `config_invalid` for a key file that cannot be used. */
  static async open(directory: string, passphrase: Passphrase | null): Promise<FileSigner> {
    const signer = new FileSigner(directory, passphrase)
    const signing = join(directory, 'signing')
    await makePrivateDirectory(directory)
    await makePrivateDirectory(signing)
    const names = (await readdir(signing)).filter((name) => name.endsWith('.jwk')).sort()
    for (const name of names) await signer.#load('decision', join(signing, name))
    await signer.#load('note', join(directory, noteKeyFile))
    return signer
  }

  keys(): Promise<readonly SignerKey[]> {
    return Promise.resolve([...this.#held.values()].map(({ use, key }) => ({ use, key })))
  }

  async make(use: SigningUse, algorithm: SigningAlgorithm): Promise<SignerKey> {
    if (use === 'note' && [...this.#held.values()].some((held) => held.use === 'note'))
      throw new PdpError('config_invalid', 'There is a note key, and a log has one for ever.')
    const jwk = generateSigningKey(algorithm)
    const key = publicHalf(jwk, 'the new key')
    const path = this.#pathOf(use, key.kid)
    await writeKeyFile(path, jwk, { use, passphrase: this.#passphrase })
    this.#hold(use, jwk, path)
    return { use, key }
  }

  sign(use: SigningUse, kid: string, bytes: Uint8Array): Promise<Uint8Array> {
    const held = this.#held.get(kid)
    if (held?.use !== use) {
      const message = `There is no private ${use} key ${kid}.`
      return Promise.reject(new PdpError('audit_unavailable', message))
    }
    const { key, privateKey } = held
    const digest = key.alg === 'ES256' ? 'sha256' : null
    return new Promise((resolve, reject) => {
      const by = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const
      sign(digest, bytes, by, (error, signature) => {
        if (error === null) resolve(signature)
        else reject(error)
      })
    })
  }

  failure(): string | null {
    return null
  }

  async destroy(kid: string): Promise<void> {
    if (this.#held.get(kid)?.use === 'note') return
    this.#held.delete(kid)
    await rm(this.#pathOf('decision', kid), { force: true })
    await syncDirectory(join(this.#directory, 'signing'))
  }

  close(): Promise<void> {
    this.#held.clear()
    return Promise.resolve()
  }

  async #load(use: SigningUse, path: string): Promise<void> {
    const jwk = await readKeyFile(path, { use, passphrase: this.#passphrase })
    if (jwk !== null) this.#hold(use, jwk, path)
  }

  #hold(use: SigningUse, jwk: Parameters<typeof publicHalf>[0], path: string): void {
    const key = publicHalf(jwk, path)
    if (use === 'note' && key.alg !== 'Ed25519')
      throw new PdpError('config_invalid', `${path} is not a private Ed25519 key.`)
    if (path !== this.#pathOf(use, key.kid)) {
      throw new PdpError(
        'config_invalid',
        `${path} holds the key ${key.kid}: a key lies under its own name. Put each file back in its place.`,
      )
    }
    if (this.#held.has(key.kid)) {
      throw new PdpError(
        'config_invalid',
        `${path} is also a decision key: a note key signs checkpoints and nothing else. Restore the right one.`,
      )
    }
    this.#held.set(key.kid, { use, key, privateKey: createPrivateKey({ key: jwk, format: 'jwk' }) })
  }

  #pathOf(use: SigningUse, kid: string): string {
    return use === 'note'
      ? join(this.#directory, noteKeyFile)
      : join(this.#directory, 'signing', `${kid}.jwk`)
  }
}
