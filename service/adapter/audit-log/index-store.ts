/**
 * The SQLite file of the index. It is never trusted and never waited for: no sync, and when it cannot be
 * read it is thrown away.
 */
import { rmSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { Position } from './segments.ts'

/** What the index was built from; `root` only after an orderly close. */
export type IndexState = {
  readonly origin: string
  readonly size: number
  readonly root: string | null
}

const version = 1

const schema = `
  PRAGMA user_version = ${version};
  CREATE TABLE IF NOT EXISTS state (
    one INTEGER PRIMARY KEY CHECK (one = 1), origin TEXT NOT NULL, size INTEGER NOT NULL, root TEXT);
  CREATE TABLE IF NOT EXISTS entry (
    id TEXT PRIMARY KEY, segment INTEGER NOT NULL, offset INTEGER NOT NULL, bytes INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS forgotten (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  -- Values of an earlier run may speak of entries that never became durable.
  DELETE FROM forgotten;`

export class IndexStore {
  readonly #database: DatabaseSync
  readonly #setState: StatementSync
  readonly #addEntry: StatementSync
  readonly #entry: StatementSync
  readonly #remember: StatementSync
  readonly #recall: StatementSync

  private constructor(database: DatabaseSync) {
    this.#database = database
    // Crash-safe against our own death (the page cache outlives us). After a power cut the file may be
    // anything; `root` is then missing, and it is built anew.
    database.exec(
      'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF',
    )
    const { user_version: found } = database.prepare('PRAGMA user_version').get() ?? {}
    if (found !== 0 && found !== version) throw new Error('an index of another version')
    database.exec(schema)
    this.#setState = database.prepare('INSERT OR REPLACE INTO state VALUES (1, ?, ?, ?)')
    this.#addEntry = database.prepare('INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?)')
    this.#entry = database.prepare('SELECT segment, offset, bytes FROM entry WHERE id = ?')
    this.#remember = database.prepare('INSERT OR REPLACE INTO forgotten VALUES (?, ?)')
    this.#recall = database.prepare('SELECT value FROM forgotten WHERE key = ?')
  }

  /** Opens the file, or makes it anew when it cannot be used. */
  static open(path: string): IndexStore {
    try {
      return IndexStore.#openOnce(path)
    } catch {
      IndexStore.remove(path)
      return IndexStore.#openOnce(path)
    }
  }

  static #openOnce(path: string): IndexStore {
    const database = new DatabaseSync(path)
    try {
      return new IndexStore(database)
    } catch (error) {
      database.close()
      throw error
    }
  }

  static remove(path: string): void {
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
  }

  state(): IndexState | null {
    const row = this.#database.prepare('SELECT origin, size, root FROM state').get()
    return (row as IndexState | undefined) ?? null
  }

  setState({ origin, size, root }: IndexState): void {
    this.#setState.run(origin, size, root)
  }

  /** All of it or nothing. */
  write(
    state: IndexState,
    entries: Iterable<readonly [string, Position]>,
    forgotten: Iterable<readonly [string, string]>,
  ): void {
    this.#database.exec('BEGIN')
    try {
      for (const [id, at] of entries) this.#addEntry.run(id, at.segment, at.offset, at.bytes)
      for (const pair of forgotten) this.#remember.run(...(pair as unknown as SQLInputValue[]))
      this.setState(state)
      this.#database.exec('COMMIT')
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw error
    }
  }

  position(id: string): Position | null {
    return (this.#entry.get(id) as Position | undefined) ?? null
  }

  recall(key: string): string | null {
    return (this.#recall.get(key) as { readonly value: string } | undefined)?.value ?? null
  }

  close(): void {
    this.#database.close()
  }
}
