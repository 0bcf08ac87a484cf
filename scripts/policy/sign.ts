// `countersign policy sign`: an unsigned bundle in, a signed one out. What the service would refuse is not signed.

import { openBundle } from '../bundles/open-bundle.ts'
import { signerOf } from '../bundles/signing-key.ts'
import { writeSigned } from '../../service/bundle/write-bundle.ts'
import { digestOfText } from '../../service/statement/digest.ts'
import { type Call, type Command, type Outcome, usage } from '../command/command.ts'
import { readGiven } from '../command/read-file.ts'
import { writeWhole } from '../command/write-file.ts'
import { onlyPositional, text } from './arguments.ts'

const options = {
  key: { type: 'string' },
  'key-id': { type: 'string' },
  algorithm: { type: 'string' },
  scope: { type: 'string' },
  out: { type: 'string', short: 'o' },
} as const

export const sign: Command = {
  name: 'sign',
  summary: 'sign a bundle with a key of your own',
  usage: `<bundle> --key <file> --key-id <id> --out <file>

  --key <file>           the private key (PEM, not encrypted): P-256, P-384, Ed25519 or RSA of 2048 bits and more
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
    file: text(call, 'key', 'the private key'),
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
