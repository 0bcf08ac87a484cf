// Checkpoints with the signatures of witnesses that lie beside a log, from the first on: `witnessed/0`, `witnessed/1`, …
// Where one is missing, those behind it are not read: less is known then, and nothing else.

import type { ExportFiles } from './export-files.ts'
import { MalformedFile } from './malformed-file.ts'
import { readCheckpoint, type SignedCheckpoint } from './published-log.ts'

export interface WitnessedFile {
  readonly path: string
  readonly checkpoint: SignedCheckpoint
}

/** @throws MalformedFile for one that is no checkpoint. */
export function* witnessedFiles(files: ExportFiles): Generator<WitnessedFile> {
  for (let at = 0; ; at += 1) {
    const path = `witnessed/${String(at)}`
    const bytes = files.read(path)
    if (bytes === null) return
    const checkpoint = readCheckpoint(Buffer.from(bytes).toString())
    if (checkpoint === null) {
      const expected = 'a signed checkpoint'
      throw new MalformedFile(
        files.name,
        { file: path, expected, found: 'something else' },
        'name an exported log',
      )
    }
    yield { path, checkpoint }
  }
}
