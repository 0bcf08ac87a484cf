// A policy to judge by: bundles wherever they lie, or the policy repository as it stands, started by the engine of
// the service.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Registry } from '../../service/contract/registry.ts'
import type { PolicyEngine } from '../../service/port/policy-engine.ts'
import { openBundle, type OpenedBundle } from '../bundles/open-bundle.ts'
import type { Call } from '../command/command.ts'
import { kindOf } from '../command/read-file.ts'
import { texts } from './arguments.ts'
import { bundlesOf } from './build.ts'
import { contentOf } from './build-content.ts'
import { hasRegistry, replayWorkers, startSet } from './judging-set.ts'
import { locateBundles } from './locate-bundles.ts'
import { type Project, projectFile, readProject } from './project.ts'

export const setOptions = { bundle: { type: 'string', multiple: true } } as const

export const setUsage = `  --bundle <bundle>      judge by this one (a file, a directory of bundles, oci://… or a URL; repeat it for
                         several) instead of the policy repository`

export interface PolicySet {
  readonly opened: readonly OpenedBundle[]
  readonly engine: PolicyEngine
  /** Null when no bundle owns one. */
  readonly registry: Registry | null
  /** The repository that it was built from; null for bundles. */
  readonly project: Project | null
}

/** Close its engine. @throws PdpError `usage`, `bundle_refused`, `not_ready`. */
export async function openPolicySet(call: Call): Promise<PolicySet> {
  const places = texts(call, 'bundle')
  return places.length === 0 ? ofProject(call) : ofBundles(places, call)
}

/** One argument: a policy repository when it is a directory with the file of one, else bundles. */
export async function openPlace(place: string, call: Call): Promise<PolicySet> {
  return kindOf(place) === 'directory' && existsSync(join(place, projectFile))
    ? ofProject({ values: { project: place } })
    : ofBundles([place], call)
}

async function ofProject(call: Pick<Call, 'values'>): Promise<PolicySet> {
  const project = readProject(call)
  const opened = await bundlesOf(project, await contentOf(project), { sequence: 0 })
  return { ...(await started(opened)), project }
}

async function ofBundles(places: readonly string[], call: Call): Promise<PolicySet> {
  return { ...(await started(await openBundles(places, call))), project: null }
}

/** The bundles at several places, each read but not started. @throws as `openPolicySet`. */
export async function openBundles(
  places: readonly string[],
  call: Call,
): Promise<readonly OpenedBundle[]> {
  const located = await Promise.all(places.map((place) => locateBundles(place, call)))
  return await Promise.all(located.flat().map(openBundle))
}

async function started(opened: readonly OpenedBundle[]): Promise<Omit<PolicySet, 'project'>> {
  const bundles = opened.map(({ bundle }) => bundle)
  const engine = await startSet(bundles, replayWorkers)
  return { opened, engine, registry: hasRegistry(bundles) ? engine.registry : null }
}
