// The policy of a project, compiled from the pack and the team's rules: the one way for tests, explanations
// and releases, so that they all speak of the same module.

import { join } from 'node:path'
import { decisionEntrypoint } from '../../service/bundle/compose-activation.ts'
import { compilePolicy } from '../bundles/compile-policy.ts'
import { usage } from '../command/command.ts'
import { readGiven } from '../command/read-file.ts'
import { resolvePart } from '../parts/resolve.ts'
import { root } from '../parts/root.ts'
import { strangers } from './own-packages.ts'
import type { Project } from './project.ts'
import { lineOf } from './remark.ts'
import { decidingSources } from './sources.ts'

/** What the engine of this program supplies. */
export const capabilitiesFile = join(root, 'bundles/capabilities.json')

/**
 * @param entrypoints besides the decision
 * @throws PdpError `usage` for a package that is not the team's; an Error with what OPA said otherwise.
 */
export async function compileProject(
  project: Project,
  entrypoints: readonly string[] = [],
): Promise<ReturnType<typeof compilePolicy>> {
  const refused = await strangers(project)
  if (refused.length > 0) throw usage(refused.map(lineOf).join('\n'))
  const sources = decidingSources(project)
  return compilePolicy(
    new Map(sources.map(({ name, path }) => [name, readGiven(path, 'a file of Rego')])),
    {
      opa: resolvePart('opa'),
      entrypoints: [decisionEntrypoint, ...entrypoints],
      capabilities: capabilitiesFile,
    },
  )
}
