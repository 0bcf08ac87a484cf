/** Judges policy inputs with one activated set of bundles, and turns tarballs into such an engine. */
import type { PolicyAuthor } from '../contract/policy-author.ts'
import type { PolicyRevision } from '../contract/decision.ts'
import type { StoredBundle } from '../contract/policy-state.ts'
import type { EngineFault } from '../contract/reason-code.ts'
import type { Registry } from '../contract/registry.ts'
import type { RuleMap } from '../contract/rule-map.ts'
import type { SelfCheckCase } from '../contract/self-check.ts'
import type { Tarball } from './bundle-source.ts'

export type Evaluation =
  | { readonly ok: true; /** JSON text of the entrypoint's value. */ readonly result: string }
  | { readonly ok: false; readonly fault: EngineFault }

/**
 * An engine never throws and never waits for ever: a policy that loops, traps, grows or returns
 * nothing is a fault of that one evaluation, and the next is served normally.
 */
export interface PolicyEngine {
  readonly policy: PolicyRevision
  /** The registry of the same activation, so that facts and judgement are never of two revisions. */
  readonly registry: Registry
  /** Who wrote policy and data, by the manifests of their bundles. */
  readonly authors: readonly PolicyAuthor[]
  /** The policy's manifest says `metadata.raw_authzen: true`: it judges bare AuthZEN evaluations. */
  readonly rawAuthzen: boolean
  /** Where each rule stands and what it reads, for explanations; it takes no part in judgement. */
  readonly rules: RuleMap
  /**
   * Evaluates the entrypoint on one JSON text. Calls made in one turn of the loop travel as a batch.
   *
   * @param asker who asks for what: after a slow or spoiling evaluation, that asker's queries stand apart for a while
   */
  evaluate(input: string, asker?: string): Promise<Evaluation>
  /** Evaluations that are under way finish; then the workers stop. */
  close(): Promise<void>
}

export type LoadedPolicy = {
  readonly engine: PolicyEngine
  readonly bundles: readonly StoredBundle[]
  /** What the bundles themselves say that they must decide. */
  readonly selfCheck: readonly SelfCheckCase[]
}

/** Of what it is given nothing is trusted. */
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
