/** Replaces a file whole, and waits until it is on disk. */
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Either the old content or the new is there after a crash, and the new once the promise has resolved. */
export async function writeDurably(
  directory: string,
  name: string,
  content: string | Uint8Array,
): Promise<void> {
  const unfinished = join(directory, `.${name}.unfinished`)
  try {
    const file = await open(unfinished, 'w', 0o600)
    try {
      // If we crash up to the rename, a file lies here that nobody reads, and the next attempt writes over it.
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    // If we crash from here on, the old name or the new one comes back, and either is whole.
    await rename(unfinished, join(directory, name))
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
  // Only now must the new one come back.
  await syncDirectory(directory)
}

/** Windows has no such operation and needs none. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
