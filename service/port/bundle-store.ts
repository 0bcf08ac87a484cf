/** The good sets of bundles of one tenant, on disk: what a start without its sources, a pin and a rollback rely on. */
import type { Digest } from '../contract/digest.ts'
import type { StoreState } from '../contract/policy-state.ts'
import type { Tarball } from './bundle-source.ts'

/**
 * Tarballs lie under their digest and are never changed nor removed: leaves of the log name them.
 * What is read back is verified again by whoever loads it; the store itself is not trusted.
 */
export interface BundleStore {
  /** What was written last; empty before the first. */
  state(): StoreState
  /**
   * Makes tarballs durable, then the state that names them. A crash between leaves the state before.
   *
   * @throws the file system's error; the state before stands.
   */
  write(state: StoreState, tarballs: readonly Tarball[]): Promise<void>
  /** @throws PdpError `bundle_refused` (`unreadable`) when one is missing or is not what its name says. */
  read(
    bundles: readonly { readonly name: string; readonly digest: Digest }[],
  ): Promise<readonly Tarball[]>
}
