// `countersign keys backup|restore`: every private key of a tenant in one sealed file, and back again. Files are taken as they
// lie, so what is sealed stays sealed under its own passphrase inside, and restoring opens nothing.

import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Command, Outcome } from '../command/command.ts'
import { usage } from '../command/command.ts'
import { onlyPositional, text } from '../policy/arguments.ts'
import { kindOf, namesBelow } from '../command/read-file.ts'
import {
  passphraseOptions,
  passphraseUsage,
  readPrivateFile,
  sealedText,
  readSealed,
  writePrivateFile,
} from './private-file.ts'

/** Files of `keys/` that only its owner has; `public/` the log itself can restore. */
const kept = /^(?:signing\/[\w-]{43}|note-ed25519|pseudonym|disclosure)\.jwk$/u

const dataUsage =
  '<tenant directory>       <data_directory>/tenants/<id>, or the directory of its signer; either may run'

export const backup: Command = {
  name: 'backup',
  summary: 'seal every private key of a tenant into one file',
  usage: `<tenant directory> --out <file> --passphrase-file <file>

  ${dataUsage}
  --out <file>           the backup; it must not be there yet. Keep it apart from backups of the log: with its disclosures, the
                         key of disclosures makes erased persons readable again
${passphraseUsage}`,
  options: { ...passphraseOptions, out: { type: 'string' } },
  run: async (call) => {
    const tenant = onlyPositional(call, 'the directory of a tenant')
    const out = text(call, 'out', 'the file of the backup')
    const what = 'the directory of a tenant'
    const names = namesBelow(join(tenant, 'keys'), what).filter((name) => kept.test(name))
    // A signer has those that sign, and the tenant then the others.
    if (!names.includes('note-ed25519.jwk') && !names.includes('pseudonym.jwk'))
      throw usage(`${tenant} has no keys of a tenant: name <data_directory>/tenants/<id>.`)
    const files = Object.fromEntries(
      names.map((name) => [name, readPrivateFile(join(tenant, 'keys', name), what)]),
    )
    writePrivateFile(out, await sealedText(call, { kty: 'backup', files }, 'backup'))
    return told({ out, files: names }, `${out}: ${String(names.length)} keys, sealed`)
  },
}

export const restore: Command = {
  name: 'restore',
  summary: 'put the keys of a backup back where they are missing',
  usage: `<tenant directory> --from <file> --passphrase-file <file>

  <tenant directory>       <data_directory>/tenants/<id>; the service must not run
  --from <file>          the backup
${passphraseUsage}

A key that is there and is another one is left as it is, and nothing is restored then.`,
  options: { ...passphraseOptions, from: { type: 'string' } },
  run: async (call) => {
    const tenant = onlyPositional(call, 'the directory of a tenant')
    const from = text(call, 'from', 'the backup')
    const files = filesIn(await readSealed(call, from, 'backup'), from)
    if (kindOf(tenant) !== 'directory')
      throw usage(`${tenant} is no directory: name one that is there.`)
    const missing = files.filter(([name, content]) => {
      const path = join(tenant, 'keys', name)
      if (kindOf(path) === 'absent') return true
      if (readPrivateFile(path, 'a key') === content) return false
      throw usage(
        `${path} is another key than in the backup: move it away, if it is the wrong one. Nothing was restored.`,
      )
    })
    for (const [name, content] of missing) {
      const path = join(tenant, 'keys', name)
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      writePrivateFile(path, content)
    }
    const names = missing.map(([name]) => name)
    return told(
      { restored: names },
      names.length === 0 ? 'every key of the backup is there' : `restored: ${names.join(', ')}`,
    )
  },
}

function filesIn(value: object, from: string): readonly (readonly [string, string])[] {
  const { files } = value as { readonly files?: Readonly<Record<string, unknown>> }
  const entries = Object.entries(files ?? {})
  // A name decides where a file is written: nothing else than keys has a place.
  if (entries.every(([name, content]) => kept.test(name) && typeof content === 'string'))
    return entries as [string, string][]
  throw usage(`${from} is no backup of keys: name a file that countersign keys backup wrote.`)
}

function told(json: object, said: string): Outcome {
  return { exit: 0, json, text: said }
}
