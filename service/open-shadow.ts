/** What judges beside one tenant's policy, opened: off unless the configuration names sources for it. */
import { createBundleSource } from './adapter/bundle-source/create-bundle-source.ts'
import type { EngineLimits } from './adapter/policy-engine/start-policy-engine.ts'
import type { Config } from './config.ts'
import type { TenantConfig } from './contract/config.ts'
import type { EventPorts } from './flow/record-event.ts'
import { ShadowCandidate, type ShadowNotice } from './flow/shadow-candidate.ts'
import { Shadow } from './flow/shadow.ts'
import type { DecidePorts } from './flow/tenant.ts'
import { loaderOf } from './open-policy.ts'

export type ShadowWiring = {
  readonly events: EventPorts
  readonly facts: DecidePorts
  readonly observe: (notice: ShadowNotice) => void
}

/** The start does not wait for a candidate; the same keys verify it, and one worker judges with what time is left. */
export function openShadow(
  configured: TenantConfig,
  config: Config,
  { events, facts, observe }: ShadowWiring,
): Shadow | null {
  const { shadow } = configured.bundles
  if (shadow === undefined) return null
  const candidate = new ShadowCandidate({
    owner: shadow.owner,
    sources: shadow.sources.map((source) => createBundleSource(source, { clock: events.clock })),
    loader: loaderOf(configured, { ...config, policy: backgroundOf(config) }),
    ...{ events, observe },
  })
  candidate.listen()
  return new Shadow({ candidate, facts, later: (act) => void setImmediate(act) })
}

function backgroundOf({ policy }: Config): EngineLimits {
  return { ...policy, workers: 1, isBackground: true }
}
