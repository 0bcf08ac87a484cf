/** Logs in directories of their own, for tests; `clean` closes and removes all of them. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { FileAuditLog } from '../../../service/adapter/audit-log/file-audit-log.ts'
import {
  openAuditLog,
  type AuditLogOptions,
} from '../../../service/adapter/audit-log/open-audit-log.ts'

export const origin = 'https://pdp.test/acme'

export class TemporaryLogs {
  readonly #directories: string[] = []
  readonly #logs: FileAuditLog[] = []

  directory(): string {
    const directory = mkdtempSync(join(tmpdir(), 'countersign-log-'))
    this.#directories.push(directory)
    return directory
  }

  async open(directory: string, options: Partial<AuditLogOptions> = {}): Promise<FileAuditLog> {
    const log = await openAuditLog({
      directory,
      origin,
      algorithm: 'ES256',
      segmentBytes: 64 * 1024,
      ...options,
    })
    this.#logs.push(log)
    return log
  }

  /** A copy as a crash at this moment leaves it. Opening the lock file would drop the lock: left out. */
  crashCopy(directory: string): string {
    const copy = this.directory()
    cpSync(directory, copy, { recursive: true, filter: (path) => basename(path) !== 'lock' })
    return copy
  }

  async clean(): Promise<void> {
    for (const log of this.#logs.splice(0)) await log.close()
    for (const directory of this.#directories.splice(0)) rmSync(directory, { recursive: true })
  }
}
