/**
 * One tenant's policy, opened: its keys, sources, store and loader, and the first set that decides.
 *
 * With a source that answers, a set that is refused and nothing good from before, the start is refused.
 * With sources that are silent it comes up on the last good set, or denies until one answers.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { join } from 'node:path'
import { readConfiguredKeys } from './adapter/bundle-reader/bundle-keys.ts'
import { readInThread } from './adapter/bundle-reader/read-in-thread.ts'
import { createBundleSource } from './adapter/bundle-source/create-bundle-source.ts'
import { openBundleStore } from './adapter/bundle-store/file-bundle-store.ts'
import {
  startPolicyEngine,
  type EngineLimits,
} from './adapter/policy-engine/start-policy-engine.ts'
import type { Config } from './config.ts'
import type { TenantConfig } from './contract/config.ts'
import type { Registry } from './contract/registry.ts'
import { PdpError } from './contract/error-code.ts'
import { limits } from './contract/limits.ts'
import { PolicyLife, type PolicyNotice } from './flow/policy-life.ts'
import type { EventPorts } from './flow/record-event.ts'
import type { PolicyLoader } from './port/policy-engine.ts'

export type PolicyPorts = {
  readonly events: EventPorts
  readonly observe: (notice: PolicyNotice) => void
}

/** @throws PdpError `bundle_refused`, `config_invalid`. */
export async function openPolicy(
  configured: TenantConfig,
  config: Config,
  { events, observe }: PolicyPorts,
): Promise<PolicyLife> {
  const { sources, staleness_seconds: staleness, keep } = configured.bundles
  const life = new PolicyLife({
    loader: loaderOf(configured, config),
    store: await openBundleStore(join(config.dataDirectory, 'tenants', configured.id, 'bundles')),
    sources: sources.map((source) => createBundleSource(source, { clock: events.clock })),
    stalenessSeconds: staleness ?? limits.stalenessSeconds,
    keep: keep ?? limits.keptSets,
    ...{ events, observe },
  })
  life.listen()
  await heard(life)
  if (life.active === null) await life.resume()
  const { refused } = life
  if (life.active !== null || refused === null) return life
  await life.close()
  throw new PdpError('bundle_refused', refused.message, {
    faults: refused.reasons.map((reason) => ({ pointer: '', reason })),
  })
}

/** Waits for a first word of every source, not for longer than a start may take. */
async function heard(life: PolicyLife): Promise<void> {
  const deadline = performance.now() + limits.firstOfferMilliseconds
  while (!life.hasHeard() && performance.now() < deadline) await pause(10)
  await life.settled()
}

/** Loads sets of the tenant's bundles; each has workers of its own. */
export function loaderOf(
  { bundles }: TenantConfig,
  { mode, policy }: Pick<Config, 'mode'> & { readonly policy: EngineLimits },
): PolicyLoader {
  const keys = readConfiguredKeys(bundles.keys, mode)
  let isServing = false
  return {
    async load(tarballs, signedAt) {
      const options = { now: signedAt, maximumPages: policy.pages }
      const set = await readInThread({ tarballs, keys, options, isBackground: isServing })
      // It was checked against its schema in the thread that wrote this text.
      const registry = JSON.parse(Buffer.from(set.registry).toString()) as Registry
      const engine = await startPolicyEngine({ ...set, registry }, policy)
      isServing = true
      return {
        engine,
        bundles: set.bundles.map((bundle, i) => ({
          name: tarballs[i]?.name ?? '',
          digest: bundle.digest,
          revision: bundle.revision,
          sequence: bundle.sequence,
          roots: [...bundle.roots],
          signed_by: bundle.signedBy,
        })),
        selfCheck: set.bundles.flatMap((bundle) => bundle.selfCheck),
      }
    },
  }
}
