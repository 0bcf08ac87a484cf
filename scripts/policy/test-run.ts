// One run of the tests of a project: its Rego tests in OPA, its golden cases in the engine of the service. What is run
// on a change, before a release and by hand is this.

import { bundlesOf } from './build.ts'
import { contentOf } from './build-content.ts'
import { runGoldenTests, type GoldenTest } from './golden-tests.ts'
import { readGolden } from './golden.ts'
import { startSet } from './judging-set.ts'
import type { Project } from './project.ts'
import { readRegistryData } from './registry-data.ts'
import { runRegoTests, type RegoTests } from './rego-tests.ts'
import type { Remark } from './remark.ts'

/** Which tests; null for all. Expressions are tried anywhere in the name. */
export interface Choice {
  /** Over `<package>.<test>` of Rego tests. */
  readonly rego: string | null
  /** Over `<area>: <case>` of golden cases. */
  readonly golden: RegExp | null
}

export const everything: Choice = { rego: null, golden: null }

export interface TestRun {
  readonly rego: RegoTests
  readonly golden: readonly GoldenTest[]
  /** Files that cannot be read or compiled: nothing could be run on them. */
  readonly faults: readonly Remark[]
}

/** @throws PdpError `usage`, `part_missing`, `bundle_refused`. */
export async function runTests(project: Project, choice: Choice = everything): Promise<TestRun> {
  const data = readRegistryData(project)
  const golden = readGolden(project, data.registry)
  const rego = await runRegoTests(project, golden, data.registry, choice.rego)
  const faults = [...data.faults, ...golden.faults, ...rego.faults]
  if (faults.length > 0) return { rego, golden: [], faults }
  const cases = golden.cases.filter(
    ({ area, name }) => choice.golden?.test(`${area}: ${name}`) !== false,
  )
  return { rego, golden: cases.length === 0 ? [] : await asked(project, cases), faults }
}

async function asked(
  project: Project,
  cases: Parameters<typeof runGoldenTests>[1],
): Promise<readonly GoldenTest[]> {
  const opened = await bundlesOf(project, await contentOf(project), { sequence: 0 })
  const engine = await startSet(opened.map(({ bundle }) => bundle))
  try {
    return await runGoldenTests(engine, cases)
  } finally {
    await engine.close()
  }
}
