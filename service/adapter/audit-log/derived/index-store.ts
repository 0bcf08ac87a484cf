/**
 * The SQLite file of the index: what a log of any size is asked by. It is derived, never trusted to be there, and thrown away
 * when it cannot be read.
 *
 * One connection writes, others read. A commit reaches the page cache: it outlives us, and a power cut takes the last commits
 * whole, in order. `sync` is what makes all of them durable.
 */
import { rmSync } from 'node:fs'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { StandingRequest, WorkflowHead } from '../../../audit/sequence.ts'
import type { BaseRow } from '../base/base-file.ts'
import type { Position } from '../segments.ts'
import { digestOfBytes } from './digest-bytes.ts'
import type { IndexRows } from './index-rows.ts'

/** What the index was built from: the entries up to a size, and the root over them. */
export type IndexState = {
  readonly origin: string
  readonly size: number
  readonly root: string
}

const version = 4

const schema = `
  PRAGMA user_version = ${version};
  CREATE TABLE IF NOT EXISTS state (
    one INTEGER PRIMARY KEY CHECK (one = 1), origin TEXT NOT NULL, size INTEGER NOT NULL, root TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS entry (
    place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    segment INTEGER NOT NULL, offset INTEGER NOT NULL, bytes INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS workflow (
    id TEXT PRIMARY KEY, seq INTEGER NOT NULL, digest BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS request (
    key BLOB PRIMARY KEY, place INTEGER NOT NULL, query_digest BLOB NOT NULL, exp INTEGER,
    held INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS standing (key TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS posting (
    term INTEGER NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (term, place)) WITHOUT ROWID;`

type RequestRow = {
  readonly key: Uint8Array
  readonly id: string
  readonly place: number
  readonly query_digest: Uint8Array
  readonly exp: number | null
  readonly held: 0 | 1
}

type Statements = Readonly<Record<keyof typeof sql, StatementSync>>

export class IndexStore {
  readonly #database: DatabaseSync
  readonly #statements: Statements

  private constructor(database: DatabaseSync) {
    this.#database = database
    database.exec(
      'PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA mmap_size = 1073741824',
    )
    const { user_version: found } = database.prepare('PRAGMA user_version').get() ?? {}
    if (found !== 0 && found !== version) throw new Error('it is of another version')
    if (found === 0) database.exec(schema)
    const prepared = Object.entries(sql).map(([name, text]) => [name, database.prepare(text)])
    this.#statements = Object.fromEntries(prepared) as Statements
  }

  /** @param told why a file that is there cannot be used; it is made anew */
  static open(path: string, told: (fault: string) => void): IndexStore {
    try {
      return IndexStore.openSound(path)
    } catch (error) {
      told(error instanceof Error ? error.message : String(error))
      IndexStore.remove(path)
      return IndexStore.openSound(path)
    }
  }

  /** One that is known to be sound. */
  static openSound(path: string): IndexStore {
    const database = new DatabaseSync(path)
    try {
      return new IndexStore(database)
    } catch (error) {
      database.close()
      throw error
    }
  }

  /** One that counts only when it is whole, and that nobody reads before: nothing of it is durable until `sync` has returned. */
  static openToFill(path: string): IndexStore {
    const store = IndexStore.openSound(path)
    store.#database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -131072')
    return store
  }

  static remove(path: string): void {
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
  }

  state(): IndexState | null {
    return (this.#statements.state.get() as IndexState | undefined) ?? null
  }

  /** All of it or nothing. */
  write(
    { origin, size, root }: IndexState,
    rows: IndexRows,
    standings: readonly (readonly [key: string, value: string])[],
  ): void {
    const { addEntry, setHead, setRequest, addPosting, setStanding, setState } = this.#statements
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      for (const row of rows.entries) addEntry.run(...row)
      for (const [id, head] of rows.heads) setHead.run(id, ...head)
      for (const row of rows.requests) setRequest.run(...row)
      for (const row of rows.postings) addPosting.run(...row)
      for (const row of standings) setStanding.run(...row)
      setState.run(origin, size, root)
      this.#database.exec('COMMIT')
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw error
    }
  }

  /** Once it has returned, everything that was written survives a power cut. */
  sync(): void {
    // A commit in this mode flushes the whole write-ahead log, with all commits before it.
    this.#database.exec('PRAGMA synchronous = FULL')
    const { origin, size, root } = this.state() ?? { origin: '', size: 0, root: '' }
    this.#statements.setState.run(origin, size, root)
    this.#database.exec('PRAGMA synchronous = NORMAL')
  }

  position(id: string): Position | null {
    return (this.#statements.position.get(id) as Position | undefined) ?? null
  }

  positionAt(index: number): Position | null {
    return (this.#statements.positionAt.get(index) as Position | undefined) ?? null
  }

  head(workflow: string): WorkflowHead | null {
    const row = this.#statements.head.get(workflow)
    if (row === undefined) return null
    const { seq, digest } = row as { readonly seq: number; readonly digest: Uint8Array }
    return { seq, digest: digestOfBytes(digest) }
  }

  request(key: Uint8Array): StandingRequest | null {
    const row = this.#statements.request.get(key) as RequestRow | undefined
    if (row === undefined) return null
    const { id, place, query_digest: digest, exp, held } = row
    return { id, index: place, queryDigest: digestOfBytes(digest), exp, isHeld: held === 1 }
  }

  /** What a workflow or an initiator has come to; null when nothing. */
  standing(key: string): unknown {
    const row = this.#statements.standing.get(key) as { readonly value: string } | undefined
    return row === undefined ? null : (JSON.parse(row.value) as unknown)
  }

  /** The first entry from a place on that is listed under a term; null when there is none. */
  posting(term: number, from: number): number | null {
    const row = this.#statements.posting.get(term, from)
    return row === undefined ? null : (row as { readonly place: number }).place
  }

  /** Workflows, initiators and request keys, in an order that depends on nothing but what they say. */
  *baseRows(): Generator<BaseRow> {
    for (const row of this.#statements.heads.iterate()) {
      const { id, seq, digest } = row as { id: string; seq: number; digest: Uint8Array }
      yield ['head', id, seq, digestOfBytes(digest)]
    }
    for (const row of this.#statements.standings.iterate()) {
      const { key, value } = row as { key: string; value: string }
      yield ['standing', key, JSON.parse(value) as unknown]
    }
    for (const row of this.#statements.requests.iterate()) {
      const { key, id, place, query_digest: digest, exp, held } = row as unknown as RequestRow
      yield ['request', digestOfBytes(key), place, id, digestOfBytes(digest), exp, held]
    }
  }

  close(): void {
    this.#database.close()
  }
}

const sql = {
  state: 'SELECT origin, size, root FROM state',
  setState: 'INSERT OR REPLACE INTO state VALUES (1, ?, ?, ?)',
  addEntry: 'INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?)',
  setHead: 'INSERT OR REPLACE INTO workflow VALUES (?, ?, ?)',
  setRequest: 'INSERT OR REPLACE INTO request VALUES (?, ?, ?, ?, ?)',
  addPosting: 'INSERT OR REPLACE INTO posting VALUES (?, ?)',
  // In its place: the rows are large, and most are written again and again.
  setStanding:
    'INSERT INTO standing VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  standing: 'SELECT value FROM standing WHERE key = ?',
  position: 'SELECT segment, offset, bytes FROM entry WHERE id = ?',
  positionAt: 'SELECT segment, offset, bytes FROM entry WHERE place = ?',
  head: 'SELECT seq, digest FROM workflow WHERE id = ?',
  request:
    'SELECT r.key, e.id, r.place, r.query_digest, r.exp, r.held FROM request r JOIN entry e ON e.place = r.place WHERE r.key = ?',
  standings: 'SELECT key, value FROM standing ORDER BY key',
  heads: 'SELECT id, seq, digest FROM workflow ORDER BY id',
  requests:
    'SELECT r.key, e.id, r.place, r.query_digest, r.exp, r.held FROM request r JOIN entry e ON e.place = r.place ORDER BY r.key',
  posting: 'SELECT place FROM posting WHERE term = ? AND place >= ? ORDER BY place LIMIT 1',
} as const
