// The files of an exported log, wherever they lie.

import { usage } from '../../command/command.ts'

export interface ExportFiles {
  /** As it was named. */
  readonly name: string
  /**
   * A whole file by its path inside the export; null when there is none.
   *
   * @throws PdpError `usage` for a file that is larger than its kind can be.
   */
  readonly read: (path: string) => Uint8Array | null
  readonly close: () => void
}

/** An entry bundle holds at most 256 entries of 65,535 bytes, each behind two of length. */
export const mostFileBytes = 256 * 65_537

/** @throws PdpError `usage`. */
export function refuseLarge(place: string, bytes: number): void {
  if (bytes <= mostFileBytes) return
  throw usage(`${place} has ${String(bytes)} bytes: no file of a log is so large.`)
}
