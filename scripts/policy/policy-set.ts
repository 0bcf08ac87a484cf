// A policy to judge by: bundles wherever they lie, or the policy repository as it stands, started by the engine of
// the service.

import type { Bundle } from '../../service/bundle/read-bundle.ts'
import type { PolicyEngine } from '../../service/port/policy-engine.ts'
import { openBundle } from '../bundles/open-bundle.ts'
import type { Call } from '../command/command.ts'
import { texts } from './arguments.ts'
import { bundlesOf } from './build.ts'
import { contentOf } from './build-content.ts'
import { startSet } from './judging-set.ts'
import { locateBundles } from './locate-bundles.ts'
import { readProject } from './project.ts'

export const setOptions = { bundle: { type: 'string', multiple: true } } as const

export const setUsage = `  --bundle <bundle>      judge by this one (a file, a directory of bundles, oci://… or a URL; repeat it for
                         several) instead of the policy repository`

export interface PolicySet {
  readonly bundles: readonly Bundle[]
  readonly engine: PolicyEngine
  /** "area: name" -> policy input; empty for bundles, which have no golden cases. */
  readonly golden: ReadonlyMap<string, unknown>
}

/** Close its engine. @throws PdpError `usage`, `bundle_refused`, `not_ready`. */
export async function openPolicySet(call: Call): Promise<PolicySet> {
  const places = texts(call, 'bundle')
  return places.length === 0 ? ofProject(call) : ofBundles(places, call)
}

async function ofProject(call: Pick<Call, 'values'>): Promise<PolicySet> {
  const project = readProject(call)
  const content = await contentOf(project)
  const opened = await bundlesOf(project, content, { sequence: 0 })
  const bundles = opened.map(({ bundle }) => bundle)
  const golden = content.golden.map(({ area, name, input }) => [`${area}: ${name}`, input] as const)
  return { bundles, engine: await startSet(bundles), golden: new Map(golden) }
}

async function ofBundles(places: readonly string[], call: Call): Promise<PolicySet> {
  const located = await Promise.all(places.map((place) => locateBundles(place, call)))
  const opened = await Promise.all(located.flat().map(openBundle))
  const bundles = opened.map(({ bundle }) => bundle)
  return { bundles, engine: await startSet(bundles), golden: new Map() }
}
