// The map from rule code to file, line, title, remedy and the facts that the rule reads, from METADATA and
// OPA's syntax tree: what `explain` shows beside a finding.

import type { RuleEntry, RuleMap } from '../../service/contract/rule-map.ts'
import { PdpError } from '../../service/contract/error-code.ts'
import { parseModules, pathOf, type Term } from './rego-module.ts'
import { RuleReads } from './rule-reads.ts'
import { run } from '../parts/run.ts'

interface Inspected {
  readonly annotations?: readonly {
    readonly annotations: {
      readonly scope: string
      readonly title?: string
      readonly custom?: { readonly code?: unknown; readonly remediation?: unknown }
    }
    readonly location: { readonly file: string; readonly row: number }
    readonly path: readonly Term[]
  }[]
}

/** What each kind of rule is called, and how a clause of it begins: `opa fmt` puts it at the margin. */
const speaks = {
  findings: ['rule', /^(?:default )?findings\b/u],
  grounds: ['ground', /^(?:default )?grounds\b/u],
  obligations: ['obligation', /^(?:default )?obligations\b/u],
} as const

/** @param folder where the sources lie under their names */
export function ruleMapOf(
  opa: string,
  folder: string,
  sources: ReadonlyMap<string, Uint8Array>,
): RuleMap {
  const modules = parseModules(opa, sources)
  const reads = new RuleReads(modules.values())
  const printed = run(opa, ['inspect', '--annotations', '--format', 'json', '.'], { folder })
  const map: Record<string, RuleEntry> = {}
  for (const { annotations, location, path } of (JSON.parse(printed) as Inspected).annotations ?? []) {
    const { code, remediation } = annotations.custom ?? {}
    if (annotations.scope !== 'package' || typeof code !== 'string') continue
    const file = location.file.replace(/^\.?\//u, '')
    const text = new TextDecoder().decode(sources.get(file))
    const entry = entryOf(pathOf(path), file, text, reads)
    if (entry === null) continue
    if (Object.hasOwn(map, code))
      throw new PdpError('usage', `${file}: the code ${code} is that of ${map[code]?.file ?? ''}: choose another.`)
    map[code] = {
      ...entry,
      ...(annotations.title === undefined ? {} : { title: annotations.title }),
      ...(typeof remediation === 'string' ? { remediation: remediation.trim() } : {}),
    }
  }
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Null for a package that says nothing of a question itself. */
function entryOf(path: string, file: string, text: string, reads: RuleReads): RuleEntry | null {
  const lines = text.split('\n')
  for (const [name, [kind, begins]] of Object.entries(speaks)) {
    const at = lines.flatMap((line, i) => (begins.test(line) ? [i + 1] : []))
    if (at.length === 0) continue
    const rule = path.split('/').slice(-2).join('.')
    return { kind, rule, file, lines: at, reads: [...reads.of(path, name)] }
  }
  return null
}
