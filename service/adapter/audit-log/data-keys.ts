/**
 * One data key a subject, wrapped by the tenant's key and durable in SQLite.
 *
 * A new key is durable before the first leaf that uses it is acknowledged: `flush` comes before the
 * write. Deleting a key erases, for good, everything that was disclosed about its subject.
 */
import { createSecretKey, type KeyObject } from 'node:crypto'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { LRUCache } from 'lru-cache'
import { PdpError } from '../../contract/error-code.ts'
import { freshBytes, seal, unseal } from './sealed-box.ts'

export type DataKey = { readonly id: string; readonly key: KeyObject }

type Row = { readonly id: string; readonly subject: string; readonly wrapped: Uint8Array }

export class DataKeys {
  readonly #wrapping: KeyObject
  readonly #database: DatabaseSync
  readonly #bySubject: StatementSync
  readonly #byId: StatementSync
  readonly #insert: StatementSync
  readonly #delete: StatementSync
  readonly #known = new LRUCache<string, DataKey>({ max: 4096 })
  /** Made and not yet durable. */
  readonly #fresh = new Map<string, DataKey>()

  constructor(path: string, wrapping: KeyObject) {
    this.#wrapping = wrapping
    this.#database = new DatabaseSync(path)
    // secure_delete overwrites what is deleted: an erased key must not linger in a free page.
    this.#database.exec(`
      PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
      CREATE TABLE IF NOT EXISTS data_key (
        id TEXT PRIMARY KEY, subject TEXT NOT NULL UNIQUE, wrapped BLOB NOT NULL) WITHOUT ROWID`)
    this.#bySubject = this.#database.prepare('SELECT * FROM data_key WHERE subject = ?')
    this.#byId = this.#database.prepare('SELECT * FROM data_key WHERE id = ?')
    this.#insert = this.#database.prepare('INSERT INTO data_key VALUES (?, ?, ?)')
    this.#delete = this.#database.prepare('DELETE FROM data_key WHERE subject = ?')
    const some = this.#database.prepare('SELECT * FROM data_key LIMIT 1').get()
    if (some !== undefined) this.#unwrap(some as unknown as Row)
  }

  /** The key of a subject, made if there is none; it counts only after the next `flush`. */
  keyFor(subject: string): DataKey {
    const known = this.#fresh.get(subject) ?? this.#known.get(subject)
    if (known !== undefined) return known
    const row = this.#bySubject.get(subject) as Row | undefined
    const key = row === undefined ? this.#make(subject) : this.#unwrap(row)
    this.#known.set(subject, key)
    return key
  }

  /** Null when the key was erased. */
  keyById(id: string): DataKey | null {
    const row = this.#byId.get(id) as Row | undefined
    return row === undefined ? null : this.#unwrap(row)
  }

  flush(): void {
    if (this.#fresh.size === 0) return
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      for (const [subject, { id, key }] of this.#fresh) {
        this.#insert.run(id, subject, seal(this.#wrapping, key.export(), `${id} ${subject}`))
      }
      this.#database.exec('COMMIT')
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw error
    }
    this.#fresh.clear()
  }

  /** Deletes the key of a subject, durably and out of the write-ahead log too; false when there is none. */
  erase(subject: string): boolean {
    this.flush()
    this.#known.delete(subject)
    const { changes } = this.#delete.run(subject)
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    return changes > 0
  }

  close(): void {
    this.#database.close()
  }

  #make(subject: string): DataKey {
    const key = { id: freshBytes(12).toString('base64url'), key: createSecretKey(freshBytes(32)) }
    this.#fresh.set(subject, key)
    return key
  }

  #unwrap({ id, subject, wrapped }: Row): DataKey {
    const key = unseal(this.#wrapping, wrapped, `${id} ${subject}`)
    if (key !== null) return { id, key: createSecretKey(key) }
    throw new PdpError(
      'log_corrupt',
      'A data key does not open with keys/disclosure.jwk. Restore that file and disclosures/ from the same copy.',
    )
  }
}
