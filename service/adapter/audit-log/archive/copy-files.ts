/** Files of an archive: each is there whole or not at all, under a name that is durable once its directory is. */
import { copyFile, open, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { nodeFileSystem } from '../file-system.ts'
import { makePrivateDirectory } from '../keys/key-file.ts'

/** Copies a file that never changes, if it is not there; true when it was not. Its directory is not synced yet. */
export async function copyNew(from: string, to: string): Promise<boolean> {
  if ((await stat(to).catch(() => null)) !== null) return false
  // If we crash before the rename, a file lies here that nobody reads, and the next run writes over it.
  const unfinished = `${to}.unfinished`
  await copyFile(from, unfinished)
  await settle(unfinished, to)
  return true
}

/**
 * Writes bytes, or what another file holds, in the place of what is there. Makes its directories.
 *
 * @param touched is given what is to be synced; without it the directory is synced at once
 */
export async function replaceFile(
  content: Uint8Array | string,
  to: string,
  touched: Set<string> | null = null,
): Promise<void> {
  const directory = dirname(to)
  if (touched?.has(directory) !== true) await makePrivateDirectory(directory)
  const unfinished = `${to}.unfinished`
  if (typeof content === 'string') await copyFile(content, unfinished)
  else {
    const file = await open(unfinished, 'w', 0o600)
    try {
      await file.writeFile(content)
    } finally {
      await file.close()
    }
  }
  await settle(unfinished, to)
  if (touched === null) await nodeFileSystem.syncDirectory(directory)
  else touched.add(directory)
}

export async function syncTouched(directories: Iterable<string>): Promise<void> {
  for (const directory of directories) await nodeFileSystem.syncDirectory(directory)
}

async function settle(unfinished: string, to: string): Promise<void> {
  const file = await open(unfinished, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(unfinished, to)
}
