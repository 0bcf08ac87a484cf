/**
 * How a set of bundles comes to decide: verified and loaded, held against the order of releases, asked its own
 * cases, kept, recorded. Whoever calls then swaps one engine for the other.
 *
 * Until the last step has succeeded nothing has changed for any query. If we crash after the set was kept
 * and before its leaf is durable, the next start activates it again and records that.
 */
import type { Digest } from '../contract/digest.ts'
import type { StoredSet } from '../contract/policy-state.ts'
import { checkSequence } from '../bundle/sequence-order.ts'
import { findSet, withActivated } from '../bundle/stored-sets.ts'
import type { Tarball } from '../port/bundle-source.ts'
import type { BundleStore } from '../port/bundle-store.ts'
import type { LoadedPolicy, PolicyEngine, PolicyLoader } from '../port/policy-engine.ts'
import { checkSelfCases } from './check-self-cases.ts'
import { recordEvent, type EventPorts } from './record-event.ts'

export type ActivationPorts = {
  readonly loader: PolicyLoader
  readonly store: BundleStore
  readonly events: EventPorts
  /** Good sets that stay at hand. */
  readonly keep: number
}

/** Why a set is to decide, and on whose word. */
export type Cause = {
  readonly kind: 'source' | 'start' | 'pin' | 'unpin' | 'rollback'
  /** A registered client's id, or `source`. */
  readonly by: string
  readonly reason: string | null
  /** Where the tarballs come from, without credentials. */
  readonly from: readonly string[]
}

export type Candidate = {
  readonly digest: Digest
  readonly tarballs: readonly Tarball[]
  readonly cause: Cause
  /** Only an operator's word takes the policy back to an older release. */
  readonly mayGoBack: boolean
}

export type Active = { readonly engine: PolicyEngine; readonly set: StoredSet }

/** @throws PdpError `bundle_refused`, `audit_unavailable`; the file system's error. Nothing has changed then. */
export async function activatePolicy(
  candidate: Candidate,
  ports: ActivationPorts,
): Promise<Active> {
  const { store, events } = ports
  const now = Math.floor(events.clock.now() / 1000)
  // A set that was good is judged by the keys of that day: a key that has run out since does not undo it.
  const signedAt = findSet(store.state(), candidate.digest)?.first_activated_at ?? now
  const loaded = await ports.loader.load(candidate.tarballs, signedAt)
  try {
    if (!candidate.mayGoBack) checkSequence(loaded.bundles, store.state().floors)
    await checkSelfCases(loaded.selfCheck, loaded.engine)
    const set = await keep(candidate, loaded, now, ports)
    await recordEvent(events, 'bundle_activation', eventOf(candidate, set))
    return { engine: loaded.engine, set }
  } catch (error) {
    await loaded.engine.close()
    throw error
  }
}

async function keep(
  candidate: Candidate,
  { engine, bundles }: LoadedPolicy,
  now: number,
  { store, keep: most }: ActivationPorts,
): Promise<StoredSet> {
  const { revision } = engine.policy
  const { digest } = candidate
  const { state, set } = withActivated(store.state(), { digest, revision, bundles, now }, most)
  await store.write(state, candidate.tarballs)
  return set
}

function eventOf({ cause }: Candidate, set: StoredSet): Record<string, unknown> {
  return {
    revision: set.revision,
    digest: set.digest,
    cause: cause.kind,
    by: cause.by,
    ...(cause.reason === null ? {} : { reason: cause.reason }),
    from: [...cause.from],
    bundles: set.bundles.map((bundle) => ({ ...bundle })),
  }
}
