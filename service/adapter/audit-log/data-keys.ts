/**
 * The data keys of subjects, one for each class and period, wrapped by the tenant's key and durable in SQLite.
 *
 * A new key is durable before the first leaf that uses it is acknowledged: `flush` comes before the
 * write. Destroying the keys of a subject erases, for good, everything that was disclosed about it; destroying those of a class
 * and of periods that are over ends that class of older records, and nothing else.
 */
import { createSecretKey, type KeyObject } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { LRUCache } from 'lru-cache'
import { PdpError } from '../../contract/error-code.ts'
import type { Erased } from '../../audit/erasures.ts'
import { openKeyStore, wholeRecord } from './key-store.ts'
import { freshBytes, seal, unseal } from './sealed-box.ts'

/** `since`: the first leaf that may have used it; `until`: the end of its period in seconds, from which on no leaf uses it. */
export type DataKey = {
  readonly id: string
  readonly key: KeyObject
  readonly since: number
  readonly until: number | null
}

export type KeyUsed = {
  /** The leaf that a key is used for, its time in seconds, and the last one that erased its subject (-1: none). */
  readonly index: number
  readonly at: number
  readonly erased: number
}

export type KeyOf = {
  readonly subject: string
  readonly name: string
  /** Seconds of the period in which one key is used: what is kept ends by whole periods. */
  readonly period: number
}

type Row = {
  readonly id: string
  readonly subject: string
  readonly class: string
  readonly since: number
  readonly until: number | null
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
  readonly #deleteClass: StatementSync
  readonly #bySubjectAlone: StatementSync
  readonly #classes: StatementSync
  readonly #ofClass: StatementSync
  readonly #checkpoint: StatementSync
  readonly #known = new LRUCache<string, DataKey>({ max: 16_384 })
  /** Made and not yet durable, in order. */
  #fresh: (DataKey & { readonly of: KeyOf })[] = []

  constructor(path: string, wrapping: KeyObject) {
    this.#wrapping = wrapping
    this.#database = openKeyStore(path)
    this.#bySubject = this.#database.prepare(
      'SELECT * FROM data_key WHERE subject = ? AND class = ? ORDER BY since DESC, until DESC LIMIT 1',
    )
    this.#bySubjectAlone = this.#database.prepare(
      'SELECT 1 FROM data_key WHERE subject = ? LIMIT 1',
    )
    this.#classes = this.#database.prepare(
      // From one class to the next by the index: there are few of them, and many keys.
      `WITH RECURSIVE next(class) AS (SELECT min(class) FROM data_key UNION ALL
        SELECT (SELECT min(class) FROM data_key WHERE class > next.class) FROM next WHERE class IS NOT NULL)
      SELECT class FROM next WHERE class IS NOT NULL`,
    )
    this.#ofClass = this.#database.prepare(
      'SELECT 1 FROM data_key WHERE class = ? AND until <= ? LIMIT 1',
    )
    this.#deleteClass = this.#database.prepare(
      'DELETE FROM data_key WHERE class = ? AND until <= ?',
    )
    this.#byId = this.#database.prepare('SELECT * FROM data_key WHERE id = ?')
    this.#insert = this.#database.prepare(
      'INSERT INTO data_key (id, subject, class, since, until, wrapped) VALUES (?, ?, ?, ?, ?, ?)',
    )
    this.#delete = this.#database.prepare('DELETE FROM data_key WHERE subject = ? AND since <= ?')
    this.#checkpoint = this.#database.prepare('PRAGMA wal_checkpoint(TRUNCATE)')
    const some = this.#database.prepare('SELECT * FROM data_key LIMIT 1').get()
    if (some !== undefined) this.#unwrap(some as unknown as Row)
  }

  /** The key of a subject and class for that leaf, made if there is none; it counts only after the next `flush`. */
  keyFor(of: KeyOf, { index, at, erased }: KeyUsed): DataKey {
    const name = nameOf(of)
    const key = this.#known.get(name) ?? this.#stored(of)
    // A key that the erasure takes away must not be used behind it, though it is not destroyed yet; nor one that outlives the period.
    const isUsable = key !== null && key.since > erased && isWithin(key, at, of.period)
    const used = isUsable ? key : this.#make(of, index, at)
    this.#known.set(name, used)
    return used
  }

  /** Null when the key was destroyed. */
  keyById(id: string): DataKey | null {
    const row = this.#byId.get(id) as Row | undefined
    return row === undefined ? null : this.#unwrap(row)
  }

  has(subject: string): boolean {
    const isFresh = this.#fresh.some(({ of }) => of.subject === subject)
    return isFresh || this.#bySubjectAlone.get(subject) !== undefined
  }

  /** The classes of which there are keys. */
  classes(): readonly string[] {
    return this.#classes.all().map((row) => String(row['class']))
  }

  /** Whether there are keys of that class whose period was over by that time. */
  hasBefore(name: string, time: number): boolean {
    return this.#ofClass.get(name, time) !== undefined
  }

  /** The period of keys of earlier versions ends with the last leaf, of that time: nothing uses them any more. */
  endEarlier(time: number): void {
    this.#database.prepare('UPDATE data_key SET until = ? WHERE until IS NULL').run(time)
  }

  flush(): void {
    if (this.#fresh.length === 0) return
    this.#together(() => {
      for (const { of, id, key, since, until } of this.#fresh) {
        const row = { id, subject: of.subject, class: of.name, since, until }
        const wrapped = seal(this.#wrapping, key.export(), contextOf(row))
        this.#insert.run(id, of.subject, of.name, since, until, wrapped)
      }
    })
    this.#fresh = []
  }

  /**
   * Deletes, durably and all together, the keys of each subject that a leaf up to that index may have used, and those of each
   * class whose period was over by that time.
   */
  destroy({ subjects, classes }: Erased): void {
    if (subjects.length + classes.length === 0) return
    // What is not durable yet would be so with the next flush, after the deletion.
    this.flush()
    this.#together(() => {
      for (const [subject, upTo] of subjects) this.#delete.run(subject, upTo)
      for (const [name, before] of classes) this.#deleteClass.run(name, before)
    })
    // Only keys that are stored are used again; an erasure is rare.
    this.#known.clear()
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

  #stored({ subject, name }: KeyOf): DataKey | null {
    const row = this.#bySubject.get(subject, name) as Row | undefined
    return row === undefined ? null : this.#unwrap(row)
  }

  #make(of: KeyOf, since: number, at: number): DataKey {
    const id = freshBytes(12).toString('base64url')
    const until = (Math.floor(at / of.period) + 1) * of.period
    const made = { id, key: createSecretKey(freshBytes(32)), since, until }
    this.#fresh.push({ ...made, of })
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

  #unwrap(row: Row): DataKey {
    const { id, since, until } = row
    const key = unseal(this.#wrapping, row.wrapped, contextOf(row))
    if (key !== null) return { id, key: createSecretKey(key), since, until }
    throw new PdpError(
      'log_corrupt',
      'A data key does not open with keys/disclosure.jwk. Restore that file and disclosures/ from the same copy.',
    )
  }
}

function isWithin({ until }: DataKey, at: number, period: number): boolean {
  return until !== null && until > at && until <= at + period
}

function nameOf({ subject, name }: KeyOf): string {
  return `${name} ${subject}`
}

/** What a wrapped key belongs to. */
export function contextOf({
  id,
  subject,
  class: name,
  until,
}: Pick<Row, 'id' | 'subject' | 'class' | 'until'>): string {
  return name === wholeRecord ? `${id} ${subject}` : `${id} ${subject} ${name} ${String(until)}`
}
