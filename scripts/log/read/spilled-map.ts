// A map that may grow with the log: what was set lately is in memory, the rest in a temporary file of SQLite that has no name
// and is gone with the process. Values are JSON.

import { DatabaseSync, type StatementSync } from 'node:sqlite'

/** Entries that are in memory before they are written together. */
const mostFresh = 16_384

export class SpilledMap<V> {
  /** Undefined: it was taken away, and the file may still have it. */
  readonly #fresh = new Map<string, V | undefined>()
  readonly #most: number
  #file: SpillFile | null = null

  /** @param most entries that are in memory */
  constructor(most = mostFresh) {
    this.#most = most
  }

  get(key: string): V | undefined {
    if (this.#fresh.has(key)) return this.#fresh.get(key)
    const text = this.#file?.get(key)
    return text === undefined ? undefined : (JSON.parse(text) as V)
  }

  /** What is changed afterwards in the value is lost: set it again. */
  set(key: string, value: V): void {
    this.#put(key, value)
  }

  /** True when it was there. */
  delete(key: string): boolean {
    if (this.get(key) === undefined) return false
    if (this.#file === null) this.#fresh.delete(key)
    else this.#put(key, undefined)
    return true
  }

  #put(key: string, value: V | undefined): void {
    this.#fresh.set(key, value)
    if (this.#fresh.size < this.#most) return
    this.#file ??= new SpillFile()
    this.#file.write(this.#fresh)
    this.#fresh.clear()
  }
}

class SpillFile {
  readonly #database = new DatabaseSync('')
  readonly #get: StatementSync
  readonly #set: StatementSync
  readonly #delete: StatementSync

  constructor() {
    // Of a temporary database nothing need be durable; 4 MiB of it are kept in memory.
    this.#database.exec(
      'PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA cache_size = -4096; CREATE TABLE kept (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
    )
    this.#get = this.#database.prepare('SELECT value FROM kept WHERE key = ?')
    this.#set = this.#database.prepare('INSERT OR REPLACE INTO kept VALUES (?, ?)')
    this.#delete = this.#database.prepare('DELETE FROM kept WHERE key = ?')
  }

  get(key: string): string | undefined {
    return (this.#get.get(key) as { readonly value: string } | undefined)?.value
  }

  write(entries: ReadonlyMap<string, unknown>): void {
    this.#database.exec('BEGIN')
    // In the order of the table, which its pages then are written in.
    for (const key of [...entries.keys()].sort()) {
      const value = entries.get(key)
      if (value === undefined) this.#delete.run(key)
      else this.#set.run(key, JSON.stringify(value))
    }
    this.#database.exec('COMMIT')
  }
}
