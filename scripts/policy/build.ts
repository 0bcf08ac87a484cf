// `countersign policy build`: the bundles of a policy repository, unsigned, with the same bytes on any machine,
// and proved: the service's own engine starts them and answers their own cases.

import { basename, join } from 'node:path'
import { checkSequence } from '../../service/bundle/sequence-order.ts'
import { writeUnsigned } from '../../service/bundle/write-bundle.ts'
import { checkSelfCases } from '../../service/flow/check-self-cases.ts'
import { digestOfText } from '../../service/statement/digest.ts'
import { openBundle, type OpenedBundle } from '../bundles/open-bundle.ts'
import { noPositional } from '../command/no-positional.ts'
import { type Call, type Command, type Outcome, usage } from '../command/command.ts'
import { writeAll } from '../command/write-all.ts'
import { succeeds } from '../parts/run.ts'
import { optionalCount, optionalText } from './arguments.ts'
import {
  contentOf,
  together,
  type ProjectContent,
  type UnnumberedContent,
} from './build-content.ts'
import { startSet } from './judging-set.ts'
import { locateBundles, remoteOptions, remoteUsage } from './locate-bundles.ts'
import { type Project, projectOptions, projectUsage, readProject } from './project.ts'
import { floorsOfBundles } from './verify.ts'

export const build: Command = {
  name: 'build',
  summary: 'compile the policy repository into bundles to sign',
  usage: `[options]

${projectUsage}
  --out <directory>      where to write policy.tar.gz and registry.tar.gz (default: dist in the repository)
  --together             policy and registry in one bundle, <name>.tar.gz
  --sequence <n>         the number of this release (default: the number of commits up to HEAD)
  --revision <name>      what it is called (default: the commit when nothing is uncommitted, else the digest of
                         the content)
  --previous <bundle>    what is live, in any place that inspect takes: a sequence below its own is refused
${remoteUsage}

The same sources, sequence and revision give the same bytes.
Exit code 0: built. 2: the repository, a rule, data or an argument cannot be used. 3: a server or a disk failed.`,
  options: {
    ...projectOptions,
    ...remoteOptions,
    out: { type: 'string' },
    together: { type: 'boolean' },
    sequence: { type: 'string' },
    revision: { type: 'string' },
    previous: { type: 'string' },
  },
  run: buildProject,
}

export interface Release {
  readonly sequence: number
  /** Left out, each bundle is called by the digest of its content. */
  readonly revision?: string
}

async function buildProject(call: Call): Promise<Outcome> {
  noPositional(call)
  const project = readProject(call)
  const release = releaseOf(project, call)
  const isTogether = call.values['together'] === true
  const floors = await floorsBefore(call)
  const built = await bundlesOf(project, await contentOf(project), release, isTogether)
  await prove(built)
  checkSequence(
    built.map(({ name, bundle }) => ({ ...bundle, name })),
    floors,
  )
  const out = optionalText(call, 'out') ?? join(project.folder, 'dist')
  writeAll(built.map(({ name, bytes }) => ({ path: join(out, name), content: bytes })))
  const written = built.map(({ name, bytes, bundle }) => {
    const file = join(out, name)
    const { revision, sequence, roots } = bundle
    const rules = Object.keys(bundle.rules).length
    return {
      file,
      digest: digestOfText(bytes),
      revision,
      sequence,
      roots,
      rules,
      self_check: bundle.selfCheck.length,
    }
  })
  return {
    exit: 0,
    json: { bundles: written },
    text: written
      .map(
        ({ file, digest, revision, sequence }) =>
          `${file}: sequence ${String(sequence)}, revision ${revision}\n  ${digest}, to be signed`,
      )
      .join('\n'),
  }
}

/** In memory; nothing is written. */
export async function bundlesOf(
  project: Pick<Project, 'name'>,
  content: ProjectContent,
  release: Release,
  isTogether = false,
): Promise<readonly OpenedBundle[]> {
  const named: readonly (readonly [string, UnnumberedContent])[] = isTogether
    ? [[`${basename(project.name)}.tar.gz`, together(content)]]
    : [
        ['policy.tar.gz', content.policy],
        ...(content.registry === null ? [] : [['registry.tar.gz', content.registry] as const]),
      ]
  return Promise.all(
    named.map(([name, one]) => openBundle({ name, bytes: writeUnsigned({ ...one, ...release }) })),
  )
}

/** What was built is what the service loads and asks. @throws PdpError `bundle_refused`. */
async function prove(built: readonly OpenedBundle[]): Promise<void> {
  const engine = await startSet(built.map(({ bundle }) => bundle))
  try {
    const cases = built.flatMap(({ bundle }) => bundle.selfCheck)
    await checkSelfCases(cases, engine)
  } finally {
    await engine.close()
  }
}

/** Of what is live; a release may not be below it. */
async function floorsBefore(call: Call): Promise<ReturnType<typeof floorsOfBundles>> {
  const place = optionalText(call, 'previous')
  if (place === undefined) return {}
  return floorsOfBundles(await Promise.all((await locateBundles(place, call)).map(openBundle)))
}

function releaseOf({ folder }: Project, call: Call): Release {
  const git = (...given: string[]): string | undefined =>
    succeeds('git', ['-C', folder, ...given])?.trim()
  const revision = optionalText(call, 'revision') ?? commitOf(git)
  const sequence = optionalCount(call, 'sequence') ?? commitsOf(git)
  return { sequence, ...(revision === undefined ? {} : { revision }) }
}

type Git = (...given: string[]) => string | undefined

/** Undefined when something that is built may differ from the commit. */
function commitOf(git: Git): string | undefined {
  return git('status', '--porcelain', '--', '.') === '' ? git('rev-parse', 'HEAD') : undefined
}

/** A shallow clone counts less than there is, and would go backwards. */
function commitsOf(git: Git): number {
  if (git('rev-parse', '--is-shallow-repository') === 'true')
    throw usage(
      'This clone is shallow, so its commits cannot be counted: fetch the whole history, or give --sequence <n>.',
    )
  const count = git('rev-list', '--count', 'HEAD')
  if (count !== undefined) return Number(count)
  throw usage(
    'There is no git history here to count: give --sequence <n>, which rises with each release.',
  )
}
