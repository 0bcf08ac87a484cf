// Opens what lies encrypted beside the leaves of a tenant, with the tenant's own keys: whoever exports holds them, the auditor
// never does. Only read: the data keys are taken from a copy, since a reader of SQLite would write beside them.

import { createSecretKey, type KeyObject } from 'node:crypto'
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Passphrase } from '../../../service/adapter/audit-log/keys/sealed-key.ts'
import { unseal } from '../../../service/adapter/audit-log/sealed-box.ts'
import { PdpError } from '../../../service/contract/error-code.ts'
import { usage } from '../../command/command.ts'
import { readSecret } from '../tenant-secret.ts'

/** Of a data key's id, before the box (`service/adapter/audit-log/disclosures.ts`). */
const keyIdBytes = 16
const attempts = 5

export class SealedDisclosures {
  /** By id, of every subject that was not erased. */
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
    const opened = rowsIn(join(tenant, 'disclosures/keys.sqlite')).map(
      ({ id, subject, wrapped }) => {
        const key = unseal(wrapping, wrapped, `${id} ${subject}`)
        if (key !== null) return [id, createSecretKey(key)] as const
        throw usage(`${path} does not open the data keys: restore both from the same copy.`)
      },
    )
    return new SealedDisclosures(new Map(opened))
  }

  /** JSON text with salt and value; null when there is none, or its key was erased. @throws PdpError `log_corrupt`. */
  open(sealed: Uint8Array, id: string): string | null {
    const bytes = Buffer.from(sealed)
    const key = this.#keys.get(bytes.toString('latin1', 0, keyIdBytes))
    if (bytes.length === 0 || key === undefined) return null
    const text = unseal(key, bytes.subarray(keyIdBytes), id)
    if (text !== null) return text.toString()
    throw new PdpError(
      'log_corrupt',
      `What was disclosed beside ${id} cannot be opened: restore it.`,
    )
  }
}

type Row = { readonly id: string; readonly subject: string; readonly wrapped: Uint8Array }

function rowsIn(path: string): readonly Row[] {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-keys-'))
  try {
    const copy = join(folder, 'keys.sqlite')
    copyWhole(path, copy)
    const database = new DatabaseSync(copy)
    try {
      return database.prepare('SELECT id, subject, wrapped FROM data_key').all() as unknown as Row[]
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
