/** The sample policy repository as a team has it: cloned from a bare repository that runs its CI when something is pushed. */
import { execFile, execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { resolvePart } from '../../../scripts/parts/resolve.ts'
import type { CiSettings, JobRun } from './pipeline.ts'
import type { HookSettings } from './post-receive.ts'

const root = join(import.meta.dirname, '../../..')
export const sampleFolder = join(root, 'scripts/gitops')

export type SampleRepository = {
  readonly folder: string
  /** Writes files and commits them; the commit. */
  readonly commit: (message: string, files: Readonly<Record<string, string>>) => string
  /** Pushes what is checked out to a branch, and waits for its pipeline. */
  readonly push: (branch: string, provider: HookSettings['provider']) => Promise<readonly JobRun[]>
  /** Goes back to what is on main of the bare repository. */
  readonly discard: () => void
}

export function sampleRepository(ci: CiSettings): SampleRepository {
  const top = mkdtempSync(join(tmpdir(), 'countersign-gitops-'))
  const [folder, bare, results] = [
    join(top, 'policy'),
    join(top, 'policy.git'),
    join(top, 'results'),
  ]
  mkdirSync(results)
  cpSync(sampleFolder, folder, {
    recursive: true,
    filter: (path) => path !== join(sampleFolder, 'dist'),
  })
  const git = (...given: readonly string[]): string =>
    execFileSync('git', ['-C', folder, ...identity, ...given], { encoding: 'utf8', stdio: 'pipe' })
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', bare])
  git('init', '--quiet', '--initial-branch=main')
  git('remote', 'add', 'origin', bare)
  const path = programs(top)
  return {
    folder,
    commit: (message, files) => {
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true })
        writeFileSync(join(folder, name), content)
      }
      git('add', '--all')
      git('commit', '--quiet', '--message', message)
      return git('rev-parse', 'HEAD').trim()
    },
    push: async (branch, provider) => {
      installHook(bare, { provider, repository: bare, results, path, ci })
      await pushed(folder, branch)
      const result = join(results, `${git('rev-parse', 'HEAD').trim()}.json`)
      if (!existsSync(result)) throw new Error('the hook left no result')
      return JSON.parse(readFileSync(result, 'utf8')) as readonly JobRun[]
    },
    discard: () => {
      git('reset', '--quiet', '--hard', 'origin/main')
    },
  }
}

const identity = ['-c', 'user.name=Sam', '-c', 'user.email=sam@acme.example']

function installHook(bare: string, settings: HookSettings): void {
  const file = join(bare, 'ci.json')
  writeFileSync(file, JSON.stringify(settings))
  const hook = join(bare, 'hooks/post-receive')
  const program = join(import.meta.dirname, 'post-receive.ts')
  writeFileSync(hook, `#!/bin/sh\nexec '${process.execPath}' '${program}' '${file}'\n`)
  chmodSync(hook, 0o755)
}

/** What the image of the tools brings: the command, OPA, Regal, git and a shell. */
function programs(top: string): string {
  const bin = join(top, 'bin')
  mkdirSync(bin)
  const main = join(root, 'scripts/command/main.ts')
  writeFileSync(join(bin, 'countersign'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`)
  chmodSync(join(bin, 'countersign'), 0o755)
  for (const part of ['opa', 'regal'] as const) symlinkSync(resolvePart(part), join(bin, part))
  return [bin, '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter)
}

/** Git says on stderr what the hook said; a hook that fails after the push is no failure of the push. */
function pushed(folder: string, branch: string): Promise<void> {
  const given = ['-C', folder, 'push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`]
  return new Promise((resolve, reject) => {
    execFile('git', given, (error, _, stderr) => {
      if (error === null) resolve()
      else reject(new Error(stderr, { cause: error }))
    })
  })
}
