// The Rego files of a project, each with the name that it has wherever the program and the repository lie:
// what is compiled, signed and named in messages does not depend on the machine.

import { basename, join, relative, sep } from 'node:path'
import { usage } from '../command/command.ts'
import { namesBelow } from '../command/read-file.ts'
import { packRego, type Project } from './project.ts'

export interface Source {
  /** `rego/countersign/…` for the pack, else the path from the top of the repository. */
  readonly name: string
  readonly path: string
  /** The path inside the rules: `rule/<area>/<rule>/<rule>.rego`. */
  readonly within: string
  readonly origin: 'pack' | 'own'
  readonly isTest: boolean
}

const packName = 'rego/countersign'

/** @throws PdpError `usage` when two files would have the same name. */
export function sourcesOf({ folder, pack, rules }: Project): readonly Source[] {
  const sources = [
    ...(pack === null ? [] : regoUnder(pack, packName, 'pack')),
    ...(rules === null ? [] : regoUnder(rules, nameOfRules(folder, rules), 'own')),
  ].sort((a, b) => (a.name < b.name ? -1 : 1))
  const twice = sources.find(({ name }, at) => sources[at + 1]?.name === name)
  if (twice === undefined) return sources
  throw usage(`${twice.path} has the name of a file of the pack: move it to another folder.`)
}

/** The rules of the project itself, and their tests. */
export function ownSources(project: Project): readonly Source[] {
  return sourcesOf(project).filter(({ origin }) => origin === 'own')
}

/** What decides; the rest tests it. */
export function decidingSources(project: Project): readonly Source[] {
  return sourcesOf(project).filter(({ isTest }) => !isTest)
}

/** The rules and the tests of the project, with what these start from; the pack's own tests are its own. */
export function testedSources(project: Project): readonly Source[] {
  return sourcesOf(project).filter(
    ({ origin, isTest, within }) =>
      origin === 'own' || !isTest || within.startsWith('lib/fixture/'),
  )
}

function nameOfRules(folder: string, rules: string): string {
  if (rules === packRego) return packName
  const inside = relative(folder, rules)
  return inside === '' || inside.startsWith('..') ? basename(rules) : inside.split(sep).join('/')
}

function regoUnder(folder: string, prefix: string, origin: Source['origin']): readonly Source[] {
  return namesBelow(folder, 'the folder of the rules')
    .filter((name) => name.endsWith('.rego'))
    .map((within) => ({
      name: `${prefix}/${within}`,
      path: join(folder, within),
      within,
      origin,
      isTest: within.endsWith('_test.rego'),
    }))
}
