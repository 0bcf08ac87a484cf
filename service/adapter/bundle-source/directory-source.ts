/**
 * Every `*.tar.gz` of a directory, watched. A change settles before it is offered; and since watching is
 * not reliable everywhere (network file systems, directories that are swapped), it is looked at anyway.
 */
import { watch } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { limits } from '../../contract/limits.ts'
import type { Offer, Tarball } from '../../port/bundle-source.ts'
import { digestOfText } from '../../statement/digest.ts'
import type { LoopOptions, Seen } from './keep-looking.ts'

type Named = { readonly name: string; readonly path: string; readonly state: string }

/** Two looks that see the same files this far apart, in milliseconds, see files that are whole. */
const settleMilliseconds = 50
const pollMilliseconds = [2000, 3000] as const

export function directoryLoop(directory: string): Omit<LoopOptions, 'clock'> {
  let seen = { files: '', version: '' }
  return {
    kind: 'directory',
    location: directory,
    delays: () => pollMilliseconds,
    mostBackOff: 2000,
    watch: (wake) => watchDirectory(directory, wake),
    async look(before): Promise<Seen> {
      const files = await settled(directory)
      const state = digestOfText(JSON.stringify(files.map(({ name, state }) => [name, state])))
      // A file that is as it was is not read again.
      if (before !== null && before === seen.version && state === seen.files) return 'unchanged'
      const offer = await read(files)
      seen = { files: state, version: offer.version }
      return offer.version === before ? 'unchanged' : offer
    },
  }
}

async function settled(directory: string): Promise<readonly Named[]> {
  let files = await filesOf(directory)
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, settleMilliseconds))
    const again = await filesOf(directory)
    if (JSON.stringify(again) === JSON.stringify(files)) return again
    files = again
  }
}

async function filesOf(directory: string): Promise<readonly Named[]> {
  const names = (await readdir(directory)).filter(
    (name) => name.endsWith('.tar.gz') && !name.startsWith('.'),
  )
  if (names.length === 0)
    throw new Error(`there is no *.tar.gz in ${directory}: put the bundles there`)
  return Promise.all(
    names.sort().map(async (name) => {
      const path = join(directory, name)
      const { size, mtimeMs, ino } = await stat(path)
      return { name, path, state: `${String(size)} ${String(mtimeMs)} ${String(ino)}` }
    }),
  )
}

async function read(files: readonly Named[]): Promise<Offer> {
  const tarballs: Tarball[] = []
  for (const { name, path } of files) {
    if ((await stat(path)).size > limits.bundleBytes) {
      throw new Error(`${name} has more than ${String(limits.bundleBytes)} bytes: make it smaller`)
    }
    tarballs.push({ name, bytes: await readFile(path) })
  }
  const named = tarballs.map(({ name, bytes }) => [name, digestOfText(bytes)])
  return { version: digestOfText(JSON.stringify(named)), tarballs }
}

/** Where it cannot be watched, or no longer, the polls find what there is. */
function watchDirectory(directory: string, wake: () => void): () => void {
  try {
    const watcher = watch(directory, { persistent: false }, () => {
      wake()
    })
    watcher.on('error', () => {
      watcher.close()
    })
    return () => {
      watcher.close()
    }
  } catch {
    return () => undefined
  }
}
