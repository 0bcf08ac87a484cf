// What a check of the data found, before it is known where that was written.

export interface Finding {
  /** JSON Pointer into the registry. */
  readonly pointer: string
  readonly severity: 'error' | 'warning'
  readonly code: string
  readonly message: string
}
