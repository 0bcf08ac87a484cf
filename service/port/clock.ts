/** The one clock: seconds and milliseconds since the epoch, and the identifiers that are made of it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** A UUID of version 7 (RFC 9562), without a prefix. */
  uuid(): string
}
