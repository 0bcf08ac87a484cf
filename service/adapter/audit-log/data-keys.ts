/**
 * The data keys of subjects, wrapped by the tenant's key and durable in SQLite.
 *
 * A new key is durable before the first leaf that uses it is acknowledged: `flush` comes before the
 * write. Destroying the keys of a subject erases, for good, everything that was disclosed about it.
 */
import { createSecretKey, type KeyObject } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { LRUCache } from 'lru-cache'
import { PdpError } from '../../contract/error-code.ts'
import { openKeyStore } from './key-store.ts'
import { freshBytes, seal, unseal } from './sealed-box.ts'

/** `since`: the first leaf that may have used it. */
export type DataKey = { readonly id: string; readonly key: KeyObject; readonly since: number }

/** The leaf that a key is used for, and the last one that erased its subject (-1: none). */
export type KeyUsed = { readonly index: number; readonly erased: number }

type Row = {
  readonly id: string
  readonly subject: string
  readonly since: number
  readonly wrapped: Uint8Array
}

const scrubTries = 20
const scrubPauseMilliseconds = 100

export class DataKeys {
  readonly #wrapping: KeyObject
  readonly #database: DatabaseSync
  readonly #bySubject: StatementSync
  readonly #byId: StatementSync
  readonly #insert: StatementSync
  readonly #delete: StatementSync
  readonly #checkpoint: StatementSync
  readonly #known = new LRUCache<string, DataKey>({ max: 4096 })
  /** Made and not yet durable, by subject, the last last. */
  readonly #fresh = new Map<string, readonly DataKey[]>()

  constructor(path: string, wrapping: KeyObject) {
    this.#wrapping = wrapping
    this.#database = openKeyStore(path)
    this.#bySubject = this.#database.prepare(
      'SELECT * FROM data_key WHERE subject = ? ORDER BY since DESC LIMIT 1',
    )
    this.#byId = this.#database.prepare('SELECT * FROM data_key WHERE id = ?')
    this.#insert = this.#database.prepare(
      'INSERT INTO data_key (id, subject, since, wrapped) VALUES (?, ?, ?, ?)',
    )
    this.#delete = this.#database.prepare('DELETE FROM data_key WHERE subject = ? AND since <= ?')
    this.#checkpoint = this.#database.prepare('PRAGMA wal_checkpoint(TRUNCATE)')
    const some = this.#database.prepare('SELECT * FROM data_key LIMIT 1').get()
    if (some !== undefined) this.#unwrap(some as unknown as Row)
  }

  /** The key of a subject for that leaf, made if there is none; it counts only after the next `flush`. */
  keyFor(subject: string, { index, erased }: KeyUsed): DataKey {
    const known = this.#fresh.get(subject)?.at(-1) ?? this.#known.get(subject)
    const key = known ?? this.#stored(subject)
    // A key that the erasure takes away must not be used behind it, though it is not destroyed yet.
    const used = key === null || key.since <= erased ? this.#make(subject, index) : key
    this.#known.set(subject, used)
    return used
  }

  /** Null when the key was destroyed. */
  keyById(id: string): DataKey | null {
    const row = this.#byId.get(id) as Row | undefined
    return row === undefined ? null : this.#unwrap(row)
  }

  has(subject: string): boolean {
    return this.#fresh.has(subject) || this.#bySubject.get(subject) !== undefined
  }

  flush(): void {
    if (this.#fresh.size === 0) return
    this.#together(() => {
      for (const [subject, keys] of this.#fresh) {
        for (const { id, key, since } of keys) {
          this.#insert.run(
            id,
            subject,
            since,
            seal(this.#wrapping, key.export(), contextOf(id, subject)),
          )
        }
      }
    })
    this.#fresh.clear()
  }

  /** Deletes the keys of each subject that a leaf up to that index may have used, durably and all together. */
  destroy(erased: readonly (readonly [subject: string, upTo: number])[]): void {
    if (erased.length === 0) return
    // What is not durable yet would be so with the next flush, after the deletion.
    this.flush()
    this.#together(() => {
      for (const [subject, upTo] of erased) this.#delete.run(subject, upTo)
    })
    for (const [subject, upTo] of erased) {
      if ((this.#known.get(subject)?.since ?? upTo + 1) <= upTo) this.#known.delete(subject)
    }
  }

  /**
   * Brings deletions from the write-ahead log, which is then emptied, into the file, where pages that held keys are
   * overwritten. If we crash before, opening the log does it.
   *
   * @throws PdpError `audit_unavailable` while another program reads the file.
   */
  async scrub(): Promise<void> {
    for (let tries = 0; tries < scrubTries; tries += 1) {
      const { busy } = this.#checkpoint.get() as { busy: number }
      if (busy === 0) return
      await pause(scrubPauseMilliseconds)
    }
    throw new PdpError(
      'audit_unavailable',
      'Keys are deleted, and another program that reads disclosures/keys.sqlite keeps them from being overwritten: end it and ask again.',
    )
  }

  close(): void {
    this.#database.close()
  }

  #stored(subject: string): DataKey | null {
    const row = this.#bySubject.get(subject) as Row | undefined
    return row === undefined ? null : this.#unwrap(row)
  }

  #make(subject: string, since: number): DataKey {
    const id = freshBytes(12).toString('base64url')
    const made = { id, key: createSecretKey(freshBytes(32)), since }
    this.#fresh.set(subject, [...(this.#fresh.get(subject) ?? []), made])
    return made
  }

  #together(change: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      change()
      this.#database.exec('COMMIT')
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw error
    }
  }

  #unwrap({ id, subject, since, wrapped }: Row): DataKey {
    const key = unseal(this.#wrapping, wrapped, contextOf(id, subject))
    if (key !== null) return { id, key: createSecretKey(key), since }
    throw new PdpError(
      'log_corrupt',
      'A data key does not open with keys/disclosure.jwk. Restore that file and disclosures/ from the same copy.',
    )
  }
}

/** What a wrapped key belongs to. */
function contextOf(id: string, subject: string): string {
  return `${id} ${subject}`
}
