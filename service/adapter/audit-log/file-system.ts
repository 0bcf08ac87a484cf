/**
 * The seam between the log and the disk: few operations, so that a test can make each of them fail.
 *
 * What must be durable is written to files from `openDurable`. On Linux these are opened with O_DSYNC:
 * one trip to the disk for write and flush, a third cheaper than `fdatasync` after a write. Elsewhere that
 * flag promises less (macOS leaves the drive's cache alone), so there `sync` does the work.
 */
import { constants, write } from 'node:fs'
import { open, readdir, readFile, rename, rm } from 'node:fs/promises'

export interface LogFile {
  /** Writes at an offset; resolves with the bytes that were taken, which may be fewer. */
  write(bytes: Uint8Array, position: number): Promise<number>
  /** Once it has resolved, everything that was written before survives a power cut. */
  sync(): Promise<void>
  /** Bytes of the file. */
  length(): Promise<number>
  close(): Promise<void>
}

export interface LogFileSystem {
  /** A new file, readable by its owner only; fails when there is one. */
  create(path: string): Promise<LogFile>
  /** An existing file for writes that must be durable. */
  openDurable(path: string): Promise<LogFile>
  read(path: string): Promise<Uint8Array>
  readAt(path: string, position: number, bytes: number): Promise<Uint8Array>
  list(directory: string): Promise<readonly string[]>
  rename(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
  /** Makes names in the directory durable. */
  syncDirectory(directory: string): Promise<void>
}

const durableWrites = process.platform === 'linux'

export const nodeFileSystem: LogFileSystem = {
  create: (path) => openFile(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, false),
  openDurable: (path) =>
    openFile(path, constants.O_RDWR | (durableWrites ? constants.O_DSYNC : 0), durableWrites),
  read: (path) => readFile(path),
  list: (directory) => readdir(directory),
  rename: (from, to) => rename(from, to),
  remove: (path) => rm(path, { force: true }),

  async readAt(path, position, bytes) {
    const file = await open(path, 'r')
    try {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(bytes), 0, bytes, position)
      return buffer.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  },

  async syncDirectory(directory) {
    // Windows has no such operation and needs none.
    if (process.platform === 'win32') return
    const handle = await open(directory, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  },
}

async function openFile(path: string, flags: number, syncedByWrite: boolean): Promise<LogFile> {
  const handle = await open(path, flags, 0o600)
  return {
    write: (bytes, position) => writeAt(handle.fd, bytes, position),
    sync: () => (syncedByWrite ? Promise.resolve() : handle.datasync()),
    length: async () => (await handle.stat()).size,
    close: () => handle.close(),
  }
}

/** The callback form: a third of the overhead of a file handle's own method. */
function writeAt(fd: number, bytes: Uint8Array, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, 0, bytes.length, position, (error, written) => {
      if (error === null) resolve(written)
      else reject(error)
    })
  })
}
