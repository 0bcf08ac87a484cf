/**
 * One process a log: an exclusive lock held on a SQLite file, which the system frees when we crash.
 *
 * Nothing else may open that file in this process: closing it would drop the lock (POSIX record locks).
 */
import { DatabaseSync } from 'node:sqlite'
import { PdpError } from '../../contract/error-code.ts'

export type ExclusiveLock = { readonly release: () => void }

const busy = 5

/** @throws PdpError `log_locked`. */
export function takeLock(path: string): ExclusiveLock {
  const database = new DatabaseSync(path)
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if ((error as { readonly errcode?: number }).errcode !== busy) throw error
    throw new PdpError(
      'log_locked',
      `Another process writes the log that ${path} guards. Stop it, or give this one a data directory ` +
        'of its own: two writers would make two histories.',
      { cause: error },
    )
  }
  return {
    release: () => {
      database.close()
    },
  }
}
