// The registry of the bundles or of the policy repository that a command is given, without starting a policy.

import { registryIn } from '../../service/adapter/bundle-reader/read-bundles.ts'
import type { Registry } from '../../service/contract/registry.ts'
import { type Call, usage } from '../command/command.ts'
import { openBundles } from '../policy/policy-set.ts'
import { texts } from '../policy/arguments.ts'
import { readProject } from '../policy/project.ts'
import { readRegistryData } from '../policy/registry-data.ts'
import { lineOf } from '../policy/remark.ts'

/** @throws PdpError `usage`, `bundle_refused`, `not_ready`. */
export async function givenRegistry(call: Call): Promise<Registry> {
  const places = texts(call, 'bundle')
  if (places.length === 0) return ofProject(call)
  const opened = await openBundles(places, call)
  return registryIn(opened.map(({ bundle }) => bundle))
}

function ofProject(call: Call): Registry {
  const project = readProject(call)
  const { registry, faults } = readRegistryData(project)
  if (registry !== null) return registry
  if (faults.length > 0) throw usage(faults.map(lineOf).join('\n'))
  throw noRegistry(project.file)
}

export function noRegistry(place: string): Error {
  return usage(
    `${place} has no registry: name the bundle that holds it with --bundle, or give the repository a folder "data".`,
  )
}
