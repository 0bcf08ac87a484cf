/** Writes files of the published log so that each is there whole or not at all, and all are durable. */
import { open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { TileFile } from '../../../audit/growing-tiles.ts'
import type { LogFileSystem } from '../file-system.ts'
import { makePrivateDirectory } from '../keys/key-file.ts'

/** Files that are under way at a time: flushes of several share a trip to the disk. */
const atOnce = 16

/** Known directories are not looked at again. */
export class FileWriter {
  readonly #root: string
  readonly #system: LogFileSystem
  readonly #directories = new Set<string>()

  constructor(root: string, system: LogFileSystem) {
    this.#root = root
    this.#system = system
  }

  /** Writing again what a failure left half done is safe: each attempt writes new files, whole. */
  async write(files: readonly TileFile[]): Promise<void> {
    const touched = new Set<string>()
    for (const { path } of files) {
      const directory = dirname(join(this.#root, path))
      touched.add(directory)
      if (this.#directories.has(directory)) continue
      await makePrivateDirectory(directory)
      this.#directories.add(directory)
    }
    for (let at = 0; at < files.length; at += atOnce) {
      await settled(files.slice(at, at + atOnce).map((file) => this.#writeOne(file)))
    }
    // A name is durable only when its directory is.
    await settled([...touched].map((directory) => this.#system.syncDirectory(directory)))
  }

  async #writeOne({ path, bytes }: TileFile): Promise<void> {
    const target = join(this.#root, path)
    // If we crash before the rename, the path has no file, or the one that it had: the next attempt writes it again.
    const unfinished = `${target}.unfinished`
    const file = await open(unfinished, 'w', 0o600)
    try {
      await file.writeFile(bytes)
      await file.datasync()
    } finally {
      await file.close()
    }
    await rename(unfinished, target)
  }

  async remove(path: string): Promise<void> {
    const directory = join(this.#root, path)
    this.#directories.delete(directory)
    await rm(directory, { recursive: true, force: true })
  }
}

/** Waits for all, so that nothing is under way when the first failure is told. */
async function settled(writes: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(writes)).find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') throw failed.reason
}
