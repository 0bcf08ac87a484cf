/** The file of wrapped data keys, brought to the form of today when an earlier one lies there. */
import { DatabaseSync } from 'node:sqlite'

const table = `
  CREATE TABLE data_key (
    id TEXT PRIMARY KEY, subject TEXT NOT NULL, since INTEGER NOT NULL, wrapped BLOB NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX data_key_subject ON data_key (subject, since);`

export function openKeyStore(path: string): DatabaseSync {
  const database = new DatabaseSync(path)
  // secure_delete overwrites what is deleted: a destroyed key must not linger in a free page.
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA busy_timeout = 0',
  )
  const columns = database
    .prepare('PRAGMA table_info(data_key)')
    .all()
    .map(({ name }) => name)
  if (columns.length === 0) database.exec(`BEGIN IMMEDIATE; ${table} COMMIT`)
  else if (!columns.includes('since')) database.exec(fromOneKeyEach)
  return database
}

/** Each subject had one key, which any leaf of the log may have used. If we crash within, nothing of it was done. */
const fromOneKeyEach = `
  BEGIN IMMEDIATE;
  ALTER TABLE data_key RENAME TO one_key_each;
  ${table}
  INSERT INTO data_key (id, subject, since, wrapped) SELECT id, subject, 0, wrapped FROM one_key_each;
  DROP TABLE one_key_each;
  COMMIT`
