/**
 * A bundle store in one directory. Tarballs are durable before the state names them: a crash between the
 * two leaves a file that nothing names, and the state before.
 */
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { refusal } from '../../bundle/refusal.ts'
import { emptyStore } from '../../bundle/stored-sets.ts'
import type { Digest } from '../../contract/digest.ts'
import { PdpError } from '../../contract/error-code.ts'
import { StoreState } from '../../contract/policy-state.ts'
import { compileChecker } from '../../contract/validate.ts'
import type { Tarball } from '../../port/bundle-source.ts'
import type { BundleStore } from '../../port/bundle-store.ts'
import { digestOfText } from '../../statement/digest.ts'
import { writeDurably } from '../durable/write-durably.ts'

const checkState = compileChecker(StoreState, { allErrors: true })
const stateFile = 'state.json'

/** @throws PdpError `config_invalid` when the state file is not one that was written here. */
export async function openBundleStore(directory: string): Promise<BundleStore> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  let state = await readState(join(directory, stateFile))
  return {
    state: () => state,
    async write(next, tarballs) {
      for (const { bytes } of tarballs) await keepTarball(directory, bytes)
      await writeDurably(directory, stateFile, `${JSON.stringify(next, null, 2)}\n`)
      state = next
    },
    read: (bundles) => Promise.all(bundles.map((bundle) => readTarball(directory, bundle))),
  }
}

async function readState(path: string): Promise<StoreState> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  })
  if (text === null) return emptyStore
  const checked = checkState(parsed(text))
  if (checked.ok) return checked.value
  throw new PdpError(
    'config_invalid',
    `${path} is damaged: restore it from a backup, or move it away to start from the sources (the log still names every set; an older bundle is then accepted once).`,
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Under its digest, a tarball that is there is there whole: it was renamed into place. */
async function keepTarball(directory: string, bytes: Uint8Array): Promise<void> {
  const name = fileOf(digestOfText(bytes))
  const there = await readFile(join(directory, name)).catch(() => null)
  if (there !== null && Buffer.compare(there, bytes) === 0) return
  await writeDurably(directory, name, bytes)
}

async function readTarball(
  directory: string,
  { name, digest }: { readonly name: string; readonly digest: Digest },
): Promise<Tarball> {
  const path = join(directory, fileOf(digest))
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw refusal('unreadable', name, `${path} cannot be read: take another set`, cause)
  })
  if (digestOfText(bytes) === digest) return { name, bytes }
  throw refusal('unreadable', name, `${path} is not what was stored: take another set`)
}

function fileOf(digest: Digest): string {
  return `${digest.replace('sha256:', '')}.tar.gz`
}
