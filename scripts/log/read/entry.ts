// One entry of an exported log as it is stored, and what was disclosed beside it.

export interface Entry {
  readonly index: number
  /** The bytes of the leaf as text: a compact JWS, or whatever stands in its place. */
  readonly token: string
  /** JSON text with salt and value, when the export has it: `disclosure-of.ts` holds it against the leaf. */
  readonly disclosure: string | null
}

/** A stretch of entries that is not there; `from` is the first, `to` the one behind the last. */
export interface Absent {
  readonly from: number
  readonly to: number
  /** The log says that it gave them up: they lie in an archive. */
  readonly isPruned: boolean
}
