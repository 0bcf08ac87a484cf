// Keys that people name on the command line: a private one to sign a bundle with, public ones to verify with.

import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { readBundleKeys } from '../../service/adapter/bundle-reader/bundle-keys.ts'
import {
  type BundleAlgorithm,
  schemes,
  signatureOf,
} from '../../service/adapter/bundle-reader/signature-scheme.ts'
import type { BundleKey } from '../../service/bundle/signatures.ts'
import type { BundleSigner } from '../../service/bundle/write-bundle.ts'
import { PdpError } from '../../service/contract/error-code.ts'
import { usage } from '../command/command.ts'
import { readGiven } from '../command/read-file.ts'

const algorithms = Object.keys(schemes) as BundleAlgorithm[]

export interface SigningKeyOptions {
  readonly file: string
  /** The open key, when it lies in no PEM file; `file` is then only what it is called. */
  readonly key?: KeyObject
  readonly keyId: string
  /** Left out, what the kind of key is for; an RSA key then signs RS256. */
  readonly algorithm: string | undefined
  readonly scope: string | null
}

/** @throws PdpError `usage`. */
export function signerOf({ file, key: given, keyId, algorithm: wanted, scope }: SigningKeyOptions): BundleSigner {
  const key = given ?? privateKeyOf(file)
  const algorithm = algorithmOf(file, key, wanted)
  const sign = (signingInput: Uint8Array): Uint8Array =>
    signatureOf(schemes[algorithm], key, signingInput)
  return { keyId, algorithm, scope, sign }
}

export const keyUsage = `  --key <id>=<file>      a public key (PEM) that may have signed; repeat it for several. An RSA key is for
                         RS256; for PS256 write <id>=<file>,PS256
  --scope <text>         what signatures must say that they are for`

export const keyOptions = {
  key: { type: 'string', multiple: true },
  scope: { type: 'string' },
} as const

/**
 * The keys of `--key`. The development key may verify here, as in development mode.
 *
 * @throws PdpError `usage`.
 */
export function verificationKeys(
  given: readonly string[],
  scope: string | undefined,
): readonly BundleKey[] {
  const configs = given.map((text) => {
    const { id = '', file = '', wanted } = /^(?<id>[^=]+)=(?<file>.+?)(?:,(?<wanted>[A-Za-z0-9]+))?$/u.exec(text)?.groups ?? {}
    if (id === '') throw usage(`--key ${text}: write <id>=<file>, with the id that the signature names.`)
    const algorithm = algorithmOf(file, publicKeyOf(file), wanted)
    return { id, algorithm, public_key_file: file, ...(scope === undefined ? {} : { scope }) }
  })
  const twice = configs.find(({ id }, at) => configs.slice(at + 1).some((other) => other.id === id))
  if (twice !== undefined) throw usage(`--key ${twice.id}: two keys have this id; give each its own.`)
  try {
    return readBundleKeys(configs, 'development')
  } catch (error) {
    const reasons = error instanceof PdpError ? error.faults.map(({ reason }) => reason) : []
    throw usage(`--key: ${reasons.join('; ')}.`, error)
  }
}

function privateKeyOf(file: string): KeyObject {
  const pem = Buffer.from(readGiven(file, 'a private key in PEM'))
  try {
    return createPrivateKey(pem)
  } catch (cause) {
    const what = pem.includes('ENCRYPTED') ? 'is encrypted: decrypt it first' : 'holds no private key in PEM; name one that does'
    throw usage(`${file} ${what}.`, cause)
  }
}

function publicKeyOf(file: string): KeyObject {
  const pem = Buffer.from(readGiven(file, 'a public key in PEM'))
  if (pem.includes('PRIVATE KEY'))
    throw usage(`${file} is a private key: name its public half (openssl pkey -in … -pubout).`)
  try {
    return createPublicKey(pem)
  } catch (cause) {
    throw usage(`${file} holds no public key in PEM; name one that does.`, cause)
  }
}

function algorithmOf(file: string, key: KeyObject, wanted: string | undefined): BundleAlgorithm {
  const fitting = algorithms.filter((name) => schemes[name].key(key))
  const [first] = fitting
  if (first === undefined) {
    throw usage(`${file}: this kind of key signs no bundle: take P-256, P-384, Ed25519, or RSA of at least 2048 bits.`)
  }
  if (wanted === undefined) return first
  const chosen = fitting.find((name) => name === wanted)
  if (chosen !== undefined) return chosen
  throw usage(`${file}: the key is for ${fitting.join(' or ')}, not for ${wanted}: name what it is for, or another key.`)
}
