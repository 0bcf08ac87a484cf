/** The file of wrapped data keys, brought to the form of today when an earlier one lies there. */
import { DatabaseSync } from 'node:sqlite'

const table = `
  CREATE TABLE data_key (
    id TEXT PRIMARY KEY, subject TEXT NOT NULL, class TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER,
    wrapped BLOB NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX data_key_subject ON data_key (subject, class, since);
  CREATE INDEX data_key_class ON data_key (class, until);`

/** The class of keys of earlier versions, under which whole records lie. */
export const wholeRecord = 'record'

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
  else if (!columns.includes('class'))
    database.exec(withoutClass(columns.includes('since') ? 'since' : '0'))
  return database
}

/**
 * Of the first version each subject had one key, which any leaf of the log may have used; of the second, one for all classes. Their
 * time is over with the last leaf, which only the log knows. If we crash within, nothing of it was done.
 */
function withoutClass(since: string): string {
  return `
  BEGIN IMMEDIATE;
  ALTER TABLE data_key RENAME TO earlier_key;
  DROP INDEX IF EXISTS data_key_subject;
  ${table}
  INSERT INTO data_key (id, subject, class, since, until, wrapped)
    SELECT id, subject, '${wholeRecord}', ${since}, NULL, wrapped FROM earlier_key;
  DROP TABLE earlier_key;
  COMMIT`
}
