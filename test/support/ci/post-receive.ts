/**
 * The hook of a bare repository that is its CI: `post-receive.ts <settings.json>`, in the folder of the repository.
 *
 * main is a push, any other branch a pull request. Each commit is checked out anew and gets the jobs of its own
 * workflow file; what came of them is written to `<results>/<commit>.json`.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { githubJobs } from './github.ts'
import { gitlabJobs } from './gitlab.ts'
import { runPipeline, type CiEvent, type CiSettings } from './pipeline.ts'

export type HookSettings = {
  readonly provider: keyof typeof providers
  readonly repository: string
  readonly results: string
  readonly path: string
  readonly ci: CiSettings
}

const providers = {
  github: { file: '.github/workflows/policy.yml', jobsOf: githubJobs },
  gitlab: { file: '.gitlab-ci.yml', jobsOf: gitlabJobs },
} as const

const settings = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as HookSettings
for (const line of readFileSync(0, 'utf8').trim().split('\n')) {
  const [, commit = '', reference = ''] = line.split(' ')
  react(commit, reference.replace('refs/heads/', ''))
}

function react(commit: string, branch: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-ci-'))
  const environment = { PATH: settings.path, HOME: folder }
  const checkout = join(folder, 'checkout')
  // Git tells a hook of its own repository by variables that are none of the checkout's business.
  const git = (...given: readonly string[]): Buffer =>
    execFileSync('git', given, { env: environment })
  git('clone', '--quiet', '--no-checkout', settings.repository, checkout)
  git('-C', checkout, 'checkout', '--quiet', commit)
  const event: CiEvent = { kind: branch === 'main' ? 'push' : 'pull_request', branch }
  const { file, jobsOf } = providers[settings.provider]
  const jobs = jobsOf(readFileSync(join(checkout, file), 'utf8'), event, settings.ci)
  const runs = runPipeline(jobs, checkout, environment)
  writeFileSync(join(settings.results, `${commit}.json`), JSON.stringify(runs))
  rmSync(folder, { recursive: true, force: true })
}
