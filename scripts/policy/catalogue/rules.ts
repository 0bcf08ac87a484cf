// The rules, grounds and obligations of a project with what their METADATA says of them.

import type { Project } from '../project.ts'
import { decidingSources, type Source } from '../sources.ts'
import { staged } from '../stage.ts'
import { remarksOf, runTool } from '../tool.ts'
import type { Remark } from '../remark.ts'

export interface Custom {
  readonly code?: string
  readonly effect?: string
  readonly severity?: string
  readonly hold?: string
  readonly waivable?: boolean
  readonly observable?: boolean
  readonly rationale?: string
  readonly remediation?: string
  readonly mapping?: Readonly<Record<string, readonly string[]>>
}

export interface Rule {
  readonly source: Source
  /** Of its package, under the METADATA. */
  readonly line: number
  /** `rule`, `ground` or `obligation`, then area and name. */
  readonly place: readonly [string, string, string]
  readonly title?: string
  readonly description?: string
  readonly custom: Custom
}

interface Annotated {
  readonly annotations: {
    readonly scope: string
    readonly title?: string
    readonly description?: string
    readonly custom?: Custom
  }
  readonly location: { readonly file: string; readonly row: number }
}

const trees = ['rule', 'ground', 'obligation']

/** The rules in the order of their files; or what OPA cannot read. */
export async function readRules(
  project: Project,
): Promise<{ readonly rules: readonly Rule[]; readonly faults: readonly Remark[] }> {
  const sources = decidingSources(project)
  const { status, stdout, stderr } = await staged(sources, {}, (folder) =>
    runTool('opa', ['inspect', '--annotations', '--format', 'json', '.'], { folder }),
  )
  if (status !== 0) return { rules: [], faults: remarksOf(stderr, sources, project.file) }
  const { annotations = [] } = JSON.parse(stdout) as { annotations?: readonly Annotated[] }
  const ofFile = new Map(
    annotations
      .filter((one) => one.annotations.scope === 'package')
      .map((one) => [one.location.file, one]),
  )
  const rules = sources.flatMap((source) => ruleOf(source, ofFile.get(source.name)))
  return { rules, faults: [] }
}

function ruleOf(source: Source, annotated: Annotated | undefined): readonly Rule[] {
  const [tree = '', area = '', name = ''] = source.within.split('/')
  if (!trees.includes(tree)) return []
  const { title, description, custom = {} } = annotated?.annotations ?? {}
  return [
    {
      ...{ source, line: annotated?.location.row ?? 1, place: [tree, area, name] as const, custom },
      ...(title === undefined ? {} : { title }),
      ...(description === undefined ? {} : { description }),
    },
  ]
}
