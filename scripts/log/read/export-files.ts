// The files of an exported log, wherever they lie.

import { MalformedFile } from './malformed-file.ts'

export interface ExportFiles {
  /** As it was named. */
  readonly name: string
  /**
   * A whole file by its path inside the export; null when there is none.
   *
   * @throws MalformedFile for one that is larger than any can be.
   */
  readonly read: (path: string) => Uint8Array | null
  readonly close: () => void
}

/** An entry bundle holds at most 256 entries of 65,535 bytes, each behind two of length. */
export const mostFileBytes = 256 * 65_537

/** @throws MalformedFile */
export function refuseLarge(log: string, file: string, bytes: number): void {
  if (bytes <= mostFileBytes) return
  const expected = `at most ${String(mostFileBytes)} bytes, as any file of a log`
  throw new MalformedFile(log, { file, expected, found: String(bytes) }, 'name an exported log')
}
