// The golden cases of a project as policy inputs, composed on one registry.

import type { Registry } from '../../service/contract/registry.ts'
import { readGolden } from './golden.ts'
import type { Project } from './project.ts'

/** "area: name" -> policy input. */
export function goldenOf(
  project: Project,
  registry: Registry | null,
): ReadonlyMap<string, unknown> {
  const { cases } = readGolden(project, registry)
  return new Map(cases.map(({ area, name, input }) => [`${area}: ${name}`, input]))
}
