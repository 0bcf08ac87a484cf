/** Turns tarballs, of which nothing is trusted, into a policy that can judge. */
import type { SelfCheckCase } from '../contract/self-check.ts'
import type { StoredBundle } from '../contract/policy-state.ts'
import type { Tarball } from './bundle-source.ts'
import type { PolicyEngine } from './policy-engine.ts'

export type LoadedPolicy = {
  readonly engine: PolicyEngine
  readonly bundles: readonly StoredBundle[]
  /** What the bundles themselves say that they must decide. */
  readonly selfCheck: readonly SelfCheckCase[]
}

export interface PolicyLoader {
  /**
   * Verifies every tarball, puts them together, and starts an engine of its own. Several engines may live
   * at once; the caller closes what it does not use.
   *
   * @param signedAt seconds since the epoch, at which the signing keys must be valid
   * @throws PdpError `bundle_refused`; then nothing of it runs.
   */
  load(tarballs: readonly Tarball[], signedAt: number): Promise<LoadedPolicy>
}
