/** The bundles of a directory, for whoever looks once: a command, a build, a test. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Bundle } from '../../bundle/read-bundle.ts'
import { refusal, refusalIn } from '../../bundle/refusal.ts'
import type { BundleKey } from '../../bundle/signatures.ts'
import { PdpError } from '../../contract/error-code.ts'
import { limits } from '../../contract/limits.ts'
import type { Tarball } from '../../port/bundle-source.ts'
import {
  readBundles,
  readTarball,
  tooLarge,
  type CheckedActivation,
  type ReadOptions,
} from './read-bundles.ts'

/** @throws PdpError `bundle_refused`. */
export async function readBundleDirectory(
  directory: string,
  keys: readonly BundleKey[],
  options: ReadOptions = { now: nowSeconds() },
): Promise<CheckedActivation> {
  const tarballs = await readTarballs(directory)
  try {
    return await readBundles(tarballs, keys, options)
  } catch (error) {
    throw refusalIn(directory, error)
  }
}

/** @throws PdpError `bundle_refused`. */
export async function readBundleFile(path: string, keys: readonly BundleKey[]): Promise<Bundle> {
  return readTarball(await readTarballFile(path), keys, nowSeconds())
}

/** Every `*.tar.gz` that does not begin with a dot. */
export async function readTarballs(directory: string): Promise<readonly Tarball[]> {
  const names = await readdir(directory).catch((cause: unknown) => {
    throw refusal(
      'unreadable',
      directory,
      'the directory of bundles cannot be read: create it or correct the path',
      cause,
    )
  })
  const tarballs = names.filter((name) => name.endsWith('.tar.gz') && !name.startsWith('.')).sort()
  if (tarballs.length === 0)
    throw refusal('no_bundles', directory, 'there is no *.tar.gz: put the bundles there')
  return Promise.all(tarballs.map((name) => readTarballFile(join(directory, name))))
}

async function readTarballFile(path: string): Promise<Tarball> {
  const name = basename(path)
  try {
    if ((await stat(path)).size > limits.bundleBytes) throw tooLarge()
    return { name, bytes: await readFile(path) }
  } catch (error) {
    if (error instanceof PdpError) throw refusalIn(name, error)
    throw refusal('unreadable', name, 'the bundle cannot be read: name a file that is there', error)
  }
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000)
}
