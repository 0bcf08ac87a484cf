// A policy repository: `countersign-policy.json` at its top says where its rules, data and golden cases are.
// The rules of a team join the pack that comes with this program; the pack itself is a project without one.

import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { Type, type Static } from 'typebox'
import { Name, Reference, closed } from '../../service/contract/digest.ts'
import { PolicyAuthors, type PolicyAuthor } from '../../service/contract/policy-author.ts'
import { compileChecker } from '../../service/contract/validate.ts'
import { type Call, usage } from '../command/command.ts'
import { kindOf } from '../command/read-file.ts'
import { root } from '../parts/root.ts'
import { readPositioned } from './positioned-document.ts'
import { lineOf, type Remark } from './remark.ts'

export const projectFile = 'countersign-policy.json'
/** The Rego that comes with this program. */
export const packRego = join(root, 'rego/countersign')

export const ProjectFile = Type.Object(
  {
    name: Name,
    /** `default`: the pack of this program. `null`: `rules` are the whole policy, entrypoint included. */
    pack: Type.Union([Type.Literal('default'), Type.Null()]),
    /** The folder of the team's own Rego, laid out as rule/team/<rule>/. */
    rules: Type.Optional(Reference),
    /** The folder of the data: registry.json (or .yaml), or files under registry/ that are merged. */
    data: Type.Optional(Reference),
    /** The folder of the golden cases: YAML. */
    golden: Type.Optional(Reference),
    /** What becomes self-check.json of the bundle: a file, or `golden` for a sample of the golden cases. */
    self_check: Type.Optional(Reference),
    /** Groups that access tokens carry, so that the registry need not list their members. */
    token_groups: Type.Optional(Type.Array(Name)),
    /** Who writes it: they do not answer what it asks people for. */
    authors: Type.Optional(PolicyAuthors),
    /** Percent of the lines of the rules that their tests must reach; 100 when left out. */
    coverage: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
  },
  closed,
)

/** All paths are absolute. */
export interface Project {
  readonly name: string
  readonly folder: string
  readonly file: string
  /** The Rego of the pack that the team's rules join. */
  readonly pack: string | null
  readonly rules: string | null
  readonly data: string | null
  readonly golden: string | null
  /** The base questions of the pack; a team's own are laid over them. */
  readonly packGolden: string | null
  readonly selfCheck:
    { readonly from: 'golden' } | { readonly from: 'file'; readonly file: string } | null
  readonly tokenGroups: readonly string[]
  readonly authors: readonly PolicyAuthor[]
  readonly coverage: number
}

/** The option of every command that works on a project. */
export const projectOptions = { project: { type: 'string' } } as const

export const projectUsage = `  --project <directory>  with ${projectFile} (default: the working directory, or the nearest above)`

const check = compileChecker(ProjectFile, { allErrors: true })

/** @throws PdpError `usage` that names every fault of the file. */
export function readProject({ values }: Pick<Call, 'values'>): Project {
  const file = fileOf(values['project'])
  const document = readPositioned(file, `a policy repository, which has ${projectFile} at its top`)
  if (!('placeOf' in document)) throw refused(document)
  const checked = check(document.value)
  if (!checked.ok) {
    throw refused(
      checked.faults.map(({ pointer, reason }) => ({
        ...document.placeOf(pointer),
        severity: 'error',
        code: 'project.schema',
        message: `${pointer}: ${reason}`,
      })),
    )
  }
  const project = projectOf(file, checked.value)
  const absent = absentFolders(project, checked.value)
  if (absent.length === 0) return project
  throw refused(
    absent.map(([member, message]) => ({
      ...document.placeOf(`/${member}`),
      severity: 'error',
      code: 'project.folder',
      message,
    })),
  )
}

function fileOf(given: unknown): string {
  if (typeof given === 'string') {
    const path = resolve(given)
    return path.endsWith('.json') ? path : join(path, projectFile)
  }
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const file = join(folder, projectFile)
    if (existsSync(file)) return file
    if (folder === dirname(folder)) break
  }
  throw usage(
    `There is no ${projectFile} here or above: name the policy repository with --project <directory>, or write the file: {"name": "…", "pack": "default", "rules": "rules", "data": "data", "golden": "golden"}.`,
  )
}

function projectOf(file: string, written: Static<typeof ProjectFile>): Project {
  const folder = dirname(file)
  const at = (path: string | undefined): string | null =>
    path === undefined ? null : resolve(folder, path)
  const {
    name,
    pack,
    rules,
    data,
    golden,
    self_check: selfCheck,
    token_groups: tokenGroups = [],
    coverage = 100,
    authors = [],
  } = written
  return {
    ...{ name, folder, file, tokenGroups, authors, coverage },
    pack: pack === null ? null : packRego,
    packGolden: pack === null ? null : join(root, 'test/golden'),
    rules: at(rules),
    data: at(data),
    golden: at(golden),
    selfCheck:
      selfCheck === undefined
        ? null
        : selfCheck === 'golden'
          ? { from: 'golden' }
          : { from: 'file', file: resolve(folder, selfCheck) },
  }
}

type Fault = readonly [member: string, message: string]

function absentFolders(project: Project, written: Static<typeof ProjectFile>): readonly Fault[] {
  const folders = ['rules', 'data', 'golden'] as const
  const { selfCheck } = project
  return [
    ...folders.flatMap((member): readonly Fault[] => {
      const path = project[member]
      return path === null || kindOf(path) === 'directory'
        ? []
        : [[member, `${written[member] ?? ''} is not a folder: make it, or leave ${member} out`]]
    }),
    ...(project.pack === null && project.rules === null
      ? [['pack', 'without a pack there must be rules: name their folder'] as const]
      : []),
    ...(selfCheck?.from === 'golden' && project.golden === null
      ? [['self_check', 'it is "golden", and there is no golden: name the folder'] as const]
      : []),
    ...(selfCheck?.from === 'file' && kindOf(selfCheck.file) !== 'file'
      ? [['self_check', `${selfCheck.file} is no file: write it, or say "golden"`] as const]
      : []),
  ]
}

function refused(remarks: readonly Remark[]): Error {
  return usage(remarks.map(lineOf).join('\n'))
}
