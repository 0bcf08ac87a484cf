// A team's rules join the pack and can only tighten it: they may add findings and obligations in packages of
// their own, and helpers for these. A package of the pack, or a ground, which is what permits, is refused:
// one more definition of a helper there would be another way to a permit.

import type { Project } from './project.ts'
import type { Remark } from './remark.ts'
import { ownSources } from './sources.ts'
import { staged } from './stage.ts'
import { remarksOf, runTool } from './tool.ts'

const own = /^data\.countersign\.(rule|obligation|lib)\.team\.[a-z][a-z0-9_]*$/u

interface Inspected {
  readonly namespaces?: Readonly<Record<string, readonly string[]>>
}

/** Each file of the team that is no Rego, or stands in a package which is not the team's to write. */
export async function strangers(project: Project): Promise<readonly Remark[]> {
  const sources = ownSources(project)
  if (project.pack === null || sources.length === 0) return []
  const inspected = await staged(sources, {}, (folder) =>
    runTool('opa', ['inspect', '--format', 'json', '.'], { folder }),
  )
  if (inspected.status !== 0) return remarksOf(inspected.stderr, sources, project.file)
  const { namespaces = {} } = JSON.parse(inspected.stdout) as Inspected
  return Object.entries(namespaces).flatMap(([name, files]) =>
    own.test(name)
      ? []
      : files.map((file) => ({
          file: sources.find((source) => source.name === file)?.path ?? file,
          line: 1,
          column: 1,
          severity: 'error' as const,
          code: 'rules.package',
          message: `package ${name.replace(/^data\./u, '')} is not a team's to write: write countersign.rule.team.<rule>, countersign.obligation.team.<name> or countersign.lib.team.<name>`,
        })),
  )
}
