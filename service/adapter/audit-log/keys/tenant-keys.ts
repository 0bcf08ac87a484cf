/**
 * The keys of one tenant, under `keys/`: made on the first start, and after that never in silence.
 *
 * Private halves of signing keys are the signer's business. Their public halves lie in `keys/public/` for as long as there
 * are leaves; the two secrets may not be made anew, for then pseudonyms or disclosures would change meaning.
 */
import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PdpError } from '../../../contract/error-code.ts'
import type { PublicKey } from '../../../contract/signing-key.ts'
import type { Signer, SignerKey, SigningAlgorithm } from '../../../port/signer.ts'
import { printVerifierKey } from '../../../audit/note-key.ts'
import { noteSigner, type NoteSigner } from '../publication/note-signer.ts'
import {
  makePrivateDirectory,
  readKeyFile,
  readPrivate,
  readPublicKeyFile,
  writeKeyFile,
  writePrivate,
  type KeySeal,
} from './key-file.ts'
import type { Passphrase } from './sealed-key.ts'

/** What verifies checkpoints, under `keys/`. */
export const noteVerifierFile = 'note.vkey'

/** The public half of a key, as a key set has it: with `nbf` and `exp` once it has signed (RFC 7519). */
export type PublicJwk = Readonly<Record<string, unknown>> & { readonly kid: string }

export type TenantKeys = {
  readonly signer: Signer
  /** Signs as long as no leaf names a key. */
  readonly first: PublicKey
  /** Every key that ever signed here, without its time. */
  readonly publicKeys: readonly PublicJwk[]
  /** Names persons: HMAC-SHA-256 of issuer and subject. */
  readonly pseudonymKey: Uint8Array
  /** Wraps the data keys of subjects. */
  readonly disclosureKey: KeyObject
  /** Signs checkpoints, and nothing else. */
  readonly note: NoteSigner
}

export type KeyDemands = {
  readonly signer: Signer
  readonly passphrase: Passphrase | null
  readonly algorithm: SigningAlgorithm
  /** The name of the log. */
  readonly origin: string
  /** Whether the log is empty: only then may a secret be made. */
  readonly fresh: boolean
  /** Whether no checkpoint was ever signed: only then may a note key be made. */
  readonly unsigned: boolean
}

export async function loadTenantKeys(directory: string, demands: KeyDemands): Promise<TenantKeys> {
  const { signer, passphrase, algorithm, origin, fresh, unsigned } = demands
  const history = join(directory, 'public')
  await makePrivateDirectory(directory)
  await makePrivateDirectory(history)
  const held = await signer.keys()
  const decisive = held.filter(({ use }) => use === 'decision')
  const { key: first } =
    decisive.find(({ key }) => key.alg === algorithm) ?? (await signer.make('decision', algorithm))
  // Before it signs: else, if we crash then, leaves would be signed by a key that nobody can find.
  for (const { key } of [...decisive, { key: first }]) await publish(history, key)
  const names = (await readdir(history)).filter((name) => name.endsWith('.jwk')).sort()
  const publicKeys = await Promise.all(names.map((name) => readPublicKeyFile(join(history, name))))
  const sealed = (use: KeySeal['use']): KeySeal => ({ use, passphrase })
  const pseudonym = join(directory, 'pseudonym.jwk')
  const disclosure = join(directory, 'disclosure.jwk')
  return {
    ...{ signer, first },
    publicKeys: publicKeys as unknown as PublicJwk[],
    pseudonymKey: await secret(pseudonym, fresh, sealed('pseudonym')),
    disclosureKey: createSecretKey(await secret(disclosure, fresh, sealed('disclosure'))),
    note: await noteOf(
      directory,
      noteSigner(await noteKeyOf(signer, held, unsigned), origin, signer),
    ),
  }
}

/** Whoever has no private key, as the command that indexes a log anew, still knows what verifies its checkpoints. */
async function noteOf(directory: string, note: NoteSigner): Promise<NoteSigner> {
  const path = join(directory, noteVerifierFile)
  const text = `${printVerifierKey(note.key)}\n`
  if ((await readPrivate(path)) !== text) await writePrivate(path, text)
  return note
}

/** Makes the public half of a key durable. */
export async function publish(history: string, key: PublicKey): Promise<void> {
  const path = join(history, `${key.kid}.jwk`)
  if ((await readPublicKeyFile(path)) === null) await writeKeyFile(path, key, null)
}

async function noteKeyOf(
  signer: Signer,
  held: readonly SignerKey[],
  unsigned: boolean,
): Promise<PublicKey> {
  const [known] = held.filter(({ use }) => use === 'note')
  if (known !== undefined) return known.key
  if (unsigned) return (await signer.make('note', 'Ed25519')).key
  throw new PdpError(
    'config_invalid',
    'The note key (keys/note-ed25519.jwk) is missing, and it has signed checkpoints that others may hold. Restore it from ' +
      'a copy: with another key this would be another log.',
  )
}

async function secret(path: string, fresh: boolean, seal: KeySeal): Promise<Uint8Array> {
  const stored = await readKeyFile(path, seal)
  if (stored === null) {
    if (!fresh) {
      throw new PdpError(
        'config_invalid',
        `${path} is missing, and the log has entries that need it. Restore it from a copy.`,
      )
    }
    const made = randomBytes(32)
    await writeKeyFile(path, { kty: 'oct', k: made.toString('base64url') }, seal)
    return made
  }
  const key = Buffer.from(stored.k ?? '', 'base64url')
  if (stored.kty !== 'oct' || key.length !== 32) {
    throw new PdpError('config_invalid', `${path} is not a secret of 32 bytes.`)
  }
  return key
}
