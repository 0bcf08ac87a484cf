// Bundles put together and started as the service does it: the very engine, asked by the very rooms.

import { activationOf } from '../../service/adapter/bundle-reader/read-bundles.ts'
import { startPolicyEngine } from '../../service/adapter/policy-engine/start-policy-engine.ts'
import { composeActivation } from '../../service/bundle/compose-activation.ts'
import type { Bundle } from '../../service/bundle/read-bundle.ts'
import { isWithinRoots } from '../../service/bundle/roots.ts'
import { policyLimits } from '../../service/config.ts'
import { limits } from '../../service/contract/limits.ts'
import { emptyRegistry } from '../../service/decision/registry-index.ts'
import type { PolicyEngine } from '../../service/port/policy-engine.ts'

/** A command may run beside much else: a machine that is busy for a moment is no fault of a policy. */
const evaluationMilliseconds = 10_000

/** Reading a log and judging it again cost about the same: two threads judge while one reads. */
export const replayWorkers = 2

/** Some bundle owns the registry: then it must hold one. */
export function hasRegistry(bundles: readonly Bundle[]): boolean {
  return bundles.some(({ roots }) => isWithinRoots('registry', roots))
}

/**
 * The engine of a set; a policy alone has an empty registry, which it never reads: questions carry their own.
 *
 * @param workers threads that evaluate: as many as there are processors to give
 * @throws PdpError `bundle_refused`.
 */
export async function startSet(bundles: readonly Bundle[], workers = 1): Promise<PolicyEngine> {
  const activation = hasRegistry(bundles)
    ? activationOf(bundles)
    : { ...composeActivation(bundles, limits.evaluationPages), registry: emptyRegistry }
  return startPolicyEngine(activation, {
    ...policyLimits(undefined),
    ...{ evaluationMilliseconds, workers },
  })
}
