// What the bundles of a project hold: the compiled policy with its map of rules and its self-check, and the
// registry. Every build of policy goes through here, that of this repository too.

import { readSelfCheck, selfCheckFile } from '../../service/bundle/self-check.ts'
import type { BundleContent } from '../../service/bundle/write-bundle.ts'
import { limits } from '../../service/contract/limits.ts'
import type { Registry } from '../../service/contract/registry.ts'
import type { SelfCheckCase } from '../../service/contract/self-check.ts'
import { canonicalJson } from '../../service/statement/canonical-json.ts'
import { PdpError } from '../../service/contract/error-code.ts'
import { usage } from '../command/command.ts'
import { readGiven } from '../command/read-file.ts'
import { compileProject } from './compile.ts'
import { readGolden, type GoldenCase } from './golden.ts'
import type { Project } from './project.ts'
import { readRegistryData } from './registry-data.ts'
import { lineOf, type Remark } from './remark.ts'

export type UnnumberedContent = Omit<BundleContent, 'sequence' | 'revision'>

export interface ProjectContent {
  readonly policy: UnnumberedContent
  /** Null when the project has no data. */
  readonly registry: UnnumberedContent | null
  readonly golden: readonly GoldenCase[]
}

const utf8 = new TextEncoder()
const mostSelfCases = 64

/** @throws PdpError `usage` that names every fault at its place. */
export async function contentOf(project: Project): Promise<ProjectContent> {
  const { registry, faults } = readRegistryData(project)
  refuse(faults)
  const golden = readGolden(project, registry)
  refuse(golden.faults)
  const { files, wasm, metadata } = await compileProject(project)
  const selfCheck = selfCheckOf(project, golden.cases)
  const { authors } = project
  const authored = authors.length === 0 ? {} : { authors }
  const policyFiles = new Map(files)
  if (selfCheck !== null) policyFiles.set(selfCheckFile, selfCheck)
  return {
    policy: {
      ...{ roots: ['countersign'], files: policyFiles, wasm },
      metadata: { ...metadata, ...authored },
    },
    registry: registry === null ? null : { ...registryContent(registry), metadata: authored },
    golden: golden.cases,
  }
}

function registryContent(registry: Registry): UnnumberedContent {
  const data = utf8.encode(canonicalJson({ registry }))
  return { roots: ['registry'], files: new Map([['data.json', data]]) }
}

/** Policy and registry as one bundle. */
export function together({ policy, registry }: ProjectContent): UnnumberedContent {
  if (registry === null) return policy
  return {
    ...policy,
    roots: [...policy.roots, ...registry.roots],
    files: new Map([...policy.files, ...registry.files]),
  }
}

/** Errors end a build; a warning does not. */
function refuse(remarks: readonly Remark[]): void {
  const errors = remarks.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw usage(errors.map(lineOf).join('\n'))
}

function selfCheckOf({ selfCheck }: Project, golden: readonly GoldenCase[]): Uint8Array | null {
  if (selfCheck === null) return null
  if (selfCheck.from === 'file') {
    return selfCheckIn(selfCheck.file)
  }
  return utf8.encode(canonicalJson(sampleOf(golden)))
}

function selfCheckIn(file: string): Uint8Array {
  const what = 'the self-check, a list of cases with name, input and want'
  const bytes = readGiven(file, what)
  try {
    readSelfCheck(bytes)
    return bytes
  } catch (cause) {
    if (!(cause instanceof PdpError)) throw cause
    throw usage(`${file}: ${cause.message}; write ${what}.`, cause)
  }
}

/** The first cases of every area in turn, as many as a bundle may bring. */
function sampleOf(golden: readonly GoldenCase[]): readonly SelfCheckCase[] {
  const areas = [...Map.groupBy(golden, ({ area }) => area).values()]
  const longest = Math.max(0, ...areas.map(({ length }) => length))
  const inTurn = Array.from({ length: longest }, (_, at) =>
    areas.flatMap((cases) => cases.slice(at, at + 1)),
  ).flat()
  const sample: SelfCheckCase[] = []
  let bytes = 2
  for (const one of inTurn.map(selfCaseOf)) {
    bytes += utf8.encode(canonicalJson(one)).length + 1
    if (sample.length === mostSelfCases || bytes > limits.selfCheckBytes) break
    sample.push(one)
  }
  return sample
}

/** A waived finding has no effect: the service does not count it. */
function selfCaseOf({ area, name, input, want }: GoldenCase): SelfCheckCase {
  const { effect, codes = [], waived = [] } = want
  const standing = codes.filter((code) => !waived.includes(code))
  return { name: `${area}: ${name}`, input, want: { effect, codes: standing } }
}
