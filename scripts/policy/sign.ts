// `countersign policy sign`: an unsigned bundle in, a signed one out. What the service would refuse is not signed.

import { createPrivateKey, type KeyObject } from 'node:crypto'
import { bundleKeyOf } from '../keys/bundle-keys.ts'
import { passphraseOptions, passphraseUsage } from '../keys/private-file.ts'
import { openBundle } from '../bundles/open-bundle.ts'
import { signerOf } from '../bundles/signing-key.ts'
import { writeSigned } from '../../service/bundle/write-bundle.ts'
import { digestOfText } from '../../service/statement/digest.ts'
import { type Call, type Command, type Outcome, usage } from '../command/command.ts'
import { readGiven } from '../command/read-file.ts'
import { writeWhole } from '../command/write-file.ts'
import { onlyPositional, optionalText, text, texts } from './arguments.ts'

const options = {
  ...passphraseOptions,
  key: { type: 'string' },
  share: { type: 'string', multiple: true },
  'key-id': { type: 'string' },
  algorithm: { type: 'string' },
  scope: { type: 'string' },
  out: { type: 'string', short: 'o' },
} as const

export const sign: Command = {
  name: 'sign',
  summary: 'sign a bundle with a key of your own',
  usage: `<bundle> (--key <file> | --share <file> --share <file>) --key-id <id> --out <file>

  --key <file>           the private key (PEM, not encrypted): P-256, P-384, Ed25519 or RSA of 2048 bits and more;
                         or, with --passphrase-file, one that "countersign keys generate" sealed
  --share <file>         a share of it ("countersign keys split"); repeat it. The key is made in memory alone
${passphraseUsage}
  --key-id <id>          the id under which the service's configuration has the public key
  --algorithm <name>     ES256, ES384, EdDSA, RS256 or PS256 (default: that of the key; RS256 for RSA)
  --scope <text>         what the signature says that it is for, if the service's key has a scope
  -o, --out <file>       the signed bundle; it may be the same file

A bundle has one signature (OPA knows no more): for several keys sign several times, into several files.
A signature that is there already is replaced.

Exit code 0: signed. 2: an argument, the key or the bundle cannot be used. 3: a disk failed.`,
  options,
  run: signBundle,
}

async function signBundle(call: Call): Promise<Outcome> {
  const path = onlyPositional(call, 'a bundle to sign')
  const out = text(call, 'out', 'the file to write the signed bundle to')
  const signer = signerOf({
    ...(await keyNamed(call)),
    keyId: text(call, 'key-id', 'the id of the key in the configuration of the service'),
    algorithm: call.values['algorithm'] as string | undefined,
    scope: (call.values['scope'] as string | undefined) ?? null,
  })
  const opened = await openBundle({ name: path, bytes: readGiven(path, 'a bundle to sign') })
  if (signer.keyId.trim() === '') throw usage('--key-id: write the id of the key.')
  const bytes = writeSigned(opened.files, signer)
  writeWhole(out, bytes)
  const { revision, sequence } = opened.bundle
  const digest = digestOfText(bytes)
  const json = { out, digest, revision, sequence, key: signer.keyId, algorithm: signer.algorithm }
  const replaced = opened.signatures === null ? '' : ', in the place of an older signature'
  return {
    exit: 0,
    json: { ...json, replaced: opened.signatures !== null },
    text: `${out}: sequence ${String(sequence)}, signed by ${signer.keyId} (${signer.algorithm})${replaced}\n${digest}`,
  }
}

/** A PEM file; or the key itself, when it is sealed or in shares. */
async function keyNamed(call: Call): Promise<{ readonly file: string; readonly key?: KeyObject }> {
  const isSealed = optionalText(call, 'passphrase-file') !== undefined
  if (texts(call, 'share').length === 0 && !isSealed)
    return { file: text(call, 'key', 'the private key') }
  const key = createPrivateKey({ key: await bundleKeyOf(call), format: 'jwk' })
  return { file: 'the key', key }
}
