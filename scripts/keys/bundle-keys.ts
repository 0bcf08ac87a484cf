// `countersign keys generate|split|combine`: the key that signs bundles, from its making to the shares of its keepers. What is
// written is sealed or a share; the open key is in memory alone.

import { createPublicKey } from 'node:crypto'
import { join } from 'node:path'
import { generateSigningKey, publicHalf } from '../../service/adapter/audit-log/keys/jwk.ts'
import { type Call, type Command, type Outcome, usage } from '../command/command.ts'
import { kindOf } from '../command/read-file.ts'
import { noPositional } from '../command/no-positional.ts'
import { removed, writeWhole } from '../command/write-file.ts'
import { optionalCount, optionalText, text, texts } from '../policy/arguments.ts'
import {
  passphraseOptions,
  passphraseUsage,
  readSealed,
  sealedText,
  writePrivateFile,
} from './private-file.ts'
import { combineShares, splitKey } from './share.ts'

export const generate: Command = {
  name: 'generate',
  summary: 'make a key that signs bundles, sealed with a passphrase',
  usage: `--out <file> --public <file> --passphrase-file <file> [--algorithm <name>]

  --out <file>           the sealed key: an encrypted JWK (RFC 7517 section 7); it must not be there yet
  --public <file>        the public half (PEM), for bundles.keys of the service
  --algorithm <name>     ES256 (default) or EdDSA
${passphraseUsage}`,
  options: {
    ...passphraseOptions,
    out: { type: 'string' },
    public: { type: 'string' },
    algorithm: { type: 'string' },
  },
  run: async (call) => {
    noPositional(call)
    const algorithm = optionalText(call, 'algorithm') ?? 'ES256'
    if (algorithm !== 'ES256' && algorithm !== 'EdDSA')
      throw usage(`--algorithm ${algorithm}: write ES256 or EdDSA, not for ${algorithm}.`)
    const out = text(call, 'out', 'the file of the sealed key')
    const published = text(call, 'public', 'the file of its public half')
    const jwk = generateSigningKey(algorithm === 'EdDSA' ? 'Ed25519' : 'ES256')
    const key = publicHalf(jwk, out)
    const sealed = await sealedText(call, jwk, 'bundle')
    const { d: _private, ...half } = jwk
    const pem = createPublicKey({ key: half, format: 'jwk' }).export({
      type: 'spki',
      format: 'pem',
    })
    writePrivateFile(out, sealed)
    try {
      writeWhole(published, pem)
    } catch (error) {
      // Nothing has used it yet, and without its public half nothing would.
      removed(out)
      throw error
    }
    return told(
      { kid: key.kid, algorithm, out, public: published },
      `${out}: the key ${key.kid}, sealed; ${published} is its public half`,
    )
  },
}

export const split: Command = {
  name: 'split',
  summary: 'split a sealed key into shares, so many of which make it again',
  usage: `--key <file> --passphrase-file <file> --out <directory> [--threshold <n>] [--shares <n>]

  --key <file>           the sealed key
  --threshold <n>        how many shares make the key (default 2)
  --shares <n>           how many there are (default 3)
  --out <directory>      where share-1.json and so on are written: give each to another keeper, then remove them and the key
${passphraseUsage}`,
  options: {
    ...passphraseOptions,
    key: { type: 'string' },
    threshold: { type: 'string' },
    shares: { type: 'string' },
    out: { type: 'string' },
  },
  run: async (call) => {
    noPositional(call)
    const file = text(call, 'key', 'the sealed key')
    const out = text(call, 'out', 'the directory of the shares')
    const threshold = optionalCount(call, 'threshold') ?? 2
    const shares = optionalCount(call, 'shares') ?? 3
    if (threshold < 2 || shares < threshold || shares > 255)
      throw usage(
        '--threshold, --shares: write 2 or more of at most 255, and no more than there are shares.',
      )
    if (kindOf(out) !== 'directory') throw usage(`${out} is no directory: name one that is there.`)
    const parts = await splitKey(await readSealed(call, file, 'bundle'), threshold, shares)
    const files = parts.map((part) => join(out, `share-${String(part.number)}.json`))
    const there = files.find((path) => kindOf(path) !== 'absent')
    if (there !== undefined) throw usage(`${there} is there already: name another directory.`)
    for (const [at, path] of files.entries())
      writePrivateFile(path, `${JSON.stringify(parts[at], null, 2)}\n`)
    const kid = parts[0]?.kid
    return told(
      { kid, threshold, shares: files },
      `${files.join('\n')}\nany ${String(threshold)} make the key ${String(kid)}`,
    )
  },
}

export const combine: Command = {
  name: 'combine',
  summary: 'whether shares make their key; with --out, the key again, sealed',
  usage: `--share <file> --share <file> [--out <file> --passphrase-file <file>]

  --share <file>         a share; repeat it
  --out <file>           the sealed key; it must not be there yet
${passphraseUsage}

To sign with shares no key has to be written: countersign policy sign takes --share too.`,
  options: {
    ...passphraseOptions,
    share: { type: 'string', multiple: true },
    out: { type: 'string' },
  },
  run: async (call) => {
    noPositional(call)
    const out = optionalText(call, 'out')
    const key = await combineShares(texts(call, 'share'))
    const { kid } = publicHalf(key, 'the key')
    if (out !== undefined) writePrivateFile(out, await sealedText(call, key, 'bundle'))
    const written = out === undefined ? '' : `; ${out} has it, sealed`
    return told({ kid, out: out ?? null }, `the shares make the key ${kid}${written}`)
  },
}

function told(json: object, said: string): Outcome {
  return { exit: 0, json, text: said }
}

/** The open key of `--share` or of a sealed `--key`. @throws PdpError `usage`. */
export async function bundleKeyOf(call: Call): ReturnType<typeof readSealed> {
  const shares = texts(call, 'share')
  return shares.length > 0
    ? await combineShares(shares)
    : await readSealed(call, text(call, 'key', 'the private key'), 'bundle')
}
