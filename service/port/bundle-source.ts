/** Where a tenant's bundles come from: a directory, an HTTP server, an OCI registry. */

/** One tarball as it came; nothing of it is trusted yet. */
export type Tarball = {
  /** What it is called where it lies: a file name, a URL, an image reference. No credentials. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** Everything that the source holds now: an offer always replaces the one before it, whole. */
export type Offer = {
  /** What the source calls this state: an ETag, a digest, or a digest over the files. */
  readonly version: string
  readonly tarballs: readonly Tarball[]
}

export type SourceStatus = {
  readonly kind: 'directory' | 'http' | 'oci'
  /** A path or a URL, without credentials. */
  readonly location: string
  /** The version last offered; null before the first. */
  readonly version: string | null
  /** Milliseconds since the epoch: when the source last answered that its version is the newest; null: never. */
  readonly confirmedAt: number | null
  /** Failures since it last answered. */
  readonly failures: number
  /** Why it failed last; null while it answers. */
  readonly error: string | null
}

/**
 * A source looks again and again, by itself, until it is closed: with back-off and jitter when it
 * fails, and never two looks at once. It throws nothing at its owner: a failure is its status.
 *
 * Nothing that it gives is checked but for its size (`limits.bundleBytes` for each tarball).
 */
export interface BundleSource {
  /**
   * Begins to look. `offer` is called with each new state and awaited before the next look; what it
   * makes of the bundles is its own affair (it never rejects). `confirm` is called when the source answers that
   * nothing has changed since the last offer.
   */
  start(offer: (offer: Offer) => Promise<void>, confirm: () => void): void
  status(): SourceStatus
  /** Ends the look that is under way. */
  close(): Promise<void>
}
