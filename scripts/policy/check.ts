// `countersign policy check`: everything that can be wrong with a project before a question is asked of it.

import { join } from 'node:path'
import { noPositional } from '../command/no-positional.ts'
import type { Call, Command, Outcome } from '../command/command.ts'
import { root } from '../parts/root.ts'
import { faultsOf, sameCodes, traps } from './catalogue/laws.ts'
import { readRules, type Rule } from './catalogue/rules.ts'
import { capabilitiesFile } from './compile.ts'
import { checkData } from './data/check-data.ts'
import { readGolden } from './golden.ts'
import { strangers } from './own-packages.ts'
import { type Project, projectOptions, projectUsage, readProject } from './project.ts'
import { readRegistryData } from './registry-data.ts'
import { outcomeOf, type Remark } from './remark.ts'
import { decidingSources, ownSources, testedSources } from './sources.ts'
import { staged } from './stage.ts'
import { jsonRemarksOf, runTool } from './tool.ts'

export const check: Command = {
  name: 'check',
  summary: 'types, builtins, METADATA, data and golden cases, each fault at its place',
  usage: `[options]

${projectUsage}

Exit code 1 when there is an error; a warning does not fail.`,
  options: projectOptions,
  run: checked,
}

async function checked(call: Call): Promise<Outcome> {
  noPositional(call)
  const remarks = await remarksOn(readProject(call))
  return outcomeOf(remarks, 'Nothing is wrong.')
}

export async function remarksOn(project: Project): Promise<readonly Remark[]> {
  const rego = await regoRemarks(project)
  // What OPA cannot read has no METADATA; its own message says more than what would follow from it.
  const { rules, faults } = rego.length > 0 ? { rules: [], faults: [] } : await readRules(project)
  const data = readRegistryData(project)
  const golden = readGolden(project, data.registry)
  const context = { rules, tokenGroups: project.tokenGroups, now: Date.now() / 1000 }
  const isRead = rego.length === 0 && faults.length === 0
  return [
    ...rego,
    ...faults,
    ...(isRead ? [...(await strangers(project)), ...lawRemarks(project, rules)] : []),
    ...(isRead || data.registry === null ? checkData(data, context) : []),
    ...golden.faults,
  ]
}

/** A rule may call only what the engine supplies; a test runs in OPA and may call anything. */
async function regoRemarks(project: Project): Promise<readonly Remark[]> {
  if (project.rules === null) return []
  const schemas = ['--strict', '--format', 'json', '--schema', join(root, 'rego/schemas')]
  const tested = testedSources(project)
  const found = await staged(tested, {}, (folder) => {
    const all = runTool('opa', ['check', ...schemas, '.'], { folder })
    if (all.status !== 0) return all
    const capable = ['--ignore', '*_test.rego', '--capabilities', capabilitiesFile]
    return runTool('opa', ['check', ...schemas, ...capable, '.'], { folder })
  })
  return found.status === 0 ? [] : jsonRemarksOf(found, tested, project.file)
}

function lawRemarks(project: Project, rules: readonly Rule[]): readonly Remark[] {
  const own = new Set(ownSources(project).map(({ path }) => path))
  return [
    ...rules.filter(({ source }) => own.has(source.path)).flatMap(faultsOf),
    ...sameCodes(rules),
    ...decidingSources(project)
      .filter(({ path }) => own.has(path))
      .flatMap(traps),
  ]
}
