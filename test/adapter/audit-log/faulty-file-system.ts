/** A file system that fails where a test says so: once, from then on, or after all did reach the disk. */
import {
  nodeFileSystem,
  type LogFile,
  type LogFileSystem,
} from '../../../service/adapter/audit-log/file-system.ts'

export type Operation = {
  readonly name: 'write' | 'sync' | 'create' | 'openDurable' | 'rename' | 'syncDirectory'
  readonly path: string
}

/** `lost`: it failed and did nothing. `persisted`: it failed and had done all. `short`: half was written. */
export type Failure = { readonly form: 'lost' | 'persisted' | 'short'; readonly code: string }

export type Plan = (operation: Operation) => Failure | null

export class FaultyFileSystem {
  plan: Plan = () => null
  /** What was asked of the disk, failed or not. */
  readonly asked: Operation[] = []

  readonly system: LogFileSystem = {
    ...nodeFileSystem,
    create: (path) => this.#file('create', path),
    openDurable: (path) => this.#file('openDurable', path),
    rename: (from, to) => this.#does('rename', to, () => nodeFileSystem.rename(from, to)),
    syncDirectory: (path) =>
      this.#does('syncDirectory', path, () => nodeFileSystem.syncDirectory(path)),
  }

  async #file(name: 'create' | 'openDurable', path: string): Promise<LogFile> {
    const opened: LogFile[] = []
    const open = async (): Promise<LogFile> => {
      opened.push(await nodeFileSystem[name](path))
      return opened[0]!
    }
    const file = await this.#does(name, path, open).catch(async (error: unknown) => {
      await opened[0]?.close()
      throw error
    })
    return {
      ...file,
      sync: () => this.#does('sync', path, () => file.sync()),
      write: (bytes, position) => {
        const half = bytes.subarray(0, bytes.length >> 1)
        return this.#does(
          'write',
          path,
          () => file.write(bytes, position),
          () => file.write(half, position),
        )
      },
    }
  }

  async #does<T>(
    name: Operation['name'],
    path: string,
    act: () => Promise<T>,
    actShort: () => Promise<T> = act,
  ): Promise<T> {
    this.asked.push({ name, path })
    const failure = this.plan({ name, path })
    if (failure === null) return await act()
    if (failure.form === 'short') return await actShort()
    if (failure.form === 'persisted') await act()
    throw Object.assign(new Error(`${failure.code}: ${name} was made to fail`), {
      code: failure.code,
    })
  }
}
