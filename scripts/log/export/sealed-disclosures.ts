// Opens what lies encrypted beside the leaves of a tenant, with the tenant's own keys: whoever exports holds them, the auditor
// never does. Only read: the data keys are taken from a copy, since a reader of SQLite would write beside them.

import { createSecretKey, type KeyObject } from 'node:crypto'
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { contextOf } from '../../../service/adapter/audit-log/data-keys.ts'
import { wholeRecord } from '../../../service/adapter/audit-log/key-store.ts'
import type { Passphrase } from '../../../service/adapter/audit-log/keys/sealed-key.ts'
import { unseal } from '../../../service/adapter/audit-log/sealed-box.ts'
import {
  boxContext,
  decodeClasses,
  keyIdBytes,
  type SealedClass,
} from '../../../service/adapter/audit-log/sealed-classes.ts'
import { PdpError } from '../../../service/contract/error-code.ts'
import { usage } from '../../command/command.ts'
import { readSecret } from '../tenant-secret.ts'

const attempts = 5

export class SealedDisclosures {
  /** By id, of every subject and class that is kept. */
  readonly #keys: ReadonlyMap<string, KeyObject>

  private constructor(keys: ReadonlyMap<string, KeyObject>) {
    this.#keys = keys
  }

  /**
   * @param tenant its data directory
   * @param passphrase of its key files; null: they lie open
   * @throws PdpError `usage`, `config_invalid` when its keys cannot be read.
   */
  static async of(tenant: string, passphrase: Passphrase | null): Promise<SealedDisclosures> {
    const path = join(tenant, 'keys/disclosure.jwk')
    const wrapping = createSecretKey(await readSecret(path, { use: 'disclosure', passphrase }))
    const opened = rowsIn(join(tenant, 'disclosures/keys.sqlite')).map((row) => {
      const key = unseal(wrapping, row.wrapped, contextOf(row))
      if (key !== null) return [row.id, createSecretKey(key)] as const
      throw usage(`${path} does not open the data keys: restore both from the same copy.`)
    })
    return new SealedDisclosures(new Map(opened))
  }

  /**
   * JSON text with salts and values, and of classes that have ended their digests; null when there is none, or all of it is gone.
   *
   * @throws PdpError `log_corrupt`.
   */
  open(sealed: Uint8Array, id: string): string | null {
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
    const classes = decodeClasses(bytes)
    if (classes !== null) return this.#openClasses(classes, id)
    const key = this.#keys.get(bytes.toString('latin1', 0, keyIdBytes))
    if (bytes.length === 0 || key === undefined) return null
    return opened(unseal(key, bytes.subarray(keyIdBytes), id), id)
  }

  #openClasses(classes: readonly SealedClass[], id: string): string | null {
    if (!classes.some(({ keyId }) => this.#keys.has(keyId))) return null
    const written = classes.map(({ name, keyId, digest, box }) => {
      const key = this.#keys.get(keyId)
      if (key === undefined) return JSON.stringify({ name, digest })
      const text = opened(unseal(key, box, boxContext(id, name)), id)
      return `{"name":${JSON.stringify(name)},"digest":"${digest}",${text.slice(1)}`
    })
    return `{"v":3,"classes":[${written.join(',')}]}`
  }
}

/** @throws PdpError `log_corrupt`. */
function opened(text: Buffer | null, id: string): string {
  if (text !== null) return text.toString()
  throw new PdpError('log_corrupt', `What was disclosed beside ${id} cannot be opened: restore it.`)
}

type Row = Parameters<typeof contextOf>[0] & { readonly wrapped: Uint8Array }

function rowsIn(path: string): readonly Row[] {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-keys-'))
  try {
    const copy = join(folder, 'keys.sqlite')
    copyWhole(path, copy)
    const database = new DatabaseSync(copy)
    try {
      const names = database.prepare('PRAGMA table_info(data_key)').all()
      // A service of an earlier version has keys without a class: it has not been started since.
      const classed = names.some(({ name }) => name === 'class')
      const columns = classed ? 'class, until' : `'${wholeRecord}' AS class, NULL AS until`
      return database
        .prepare(`SELECT id, subject, ${columns}, wrapped FROM data_key`)
        .all() as unknown as Row[]
    } finally {
      database.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A service that writes meanwhile moves what is in the one file to the other: then both are copied again. */
function copyWhole(path: string, copy: string): void {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const before = stateOf(path)
    if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`)
    copyFileSync(path, copy)
    if (stateOf(path) === before) return
  }
  throw new PdpError('not_ready', `${path} changes all the time: run the command again.`)
}

function stateOf(path: string): string {
  return [path, `${path}-wal`]
    .map((one) => statSync(one, { throwIfNoEntry: false, bigint: true }))
    .map((found) =>
      found === undefined ? 'none' : `${String(found.size)} ${String(found.mtimeNs)}`,
    )
    .join(', ')
}
