/** What a CI makes of a workflow file for one event, and the run of it on a checkout: its own `run:` lines, in a shell. */
import { spawnSync } from 'node:child_process'

export type CiEvent = {
  readonly kind: 'push' | 'pull_request'
  readonly branch: string
}

/** What an administrator has set up in the CI, outside the repository. */
export type CiSettings = {
  /** Of the registry, as the CI itself supplies them to every job. */
  readonly registry: { readonly username: string; readonly password: string }
  readonly variables: Readonly<Record<string, string>>
  /** Secrets of environments: for a job that names one, on the branch that it is limited to. */
  readonly environments: Readonly<
    Record<string, { readonly branch: string; readonly secrets: Readonly<Record<string, string>> }>
  >
}

export type Step = {
  readonly run: string
  readonly environment: Readonly<Record<string, string>>
}

export type Job = {
  readonly name: string
  readonly needs: readonly string[]
  /** Its conditions hold for the event. */
  readonly applies: boolean
  readonly steps: readonly Step[]
}

export type JobRun = {
  readonly name: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** The line that failed; null when none did. */
  readonly failed: string | null
  /** What its lines printed, one text for each that ran. */
  readonly printed: Readonly<Record<string, string>>
}

/** Secrets that a job of this environment gets: none on any branch but its own. */
export function secretsFor(
  { environments }: CiSettings,
  { kind, branch }: CiEvent,
  environment: string | undefined,
): Readonly<Record<string, string>> {
  const named = environment === undefined ? undefined : environments[environment]
  return kind === 'push' && named?.branch === branch ? named.secrets : {}
}

/** @param environment of every line, beside its own: PATH, HOME; nothing else is inherited */
export function runPipeline(
  jobs: readonly Job[],
  folder: string,
  environment: Readonly<Record<string, string>>,
): readonly JobRun[] {
  const runs: JobRun[] = []
  for (const job of jobs) {
    const hasFailed = (name: string): boolean =>
      runs.find((one) => one.name === name)?.outcome !== 'passed'
    runs.push(
      !job.applies || job.needs.some(hasFailed)
        ? { name: job.name, outcome: 'skipped', failed: null, printed: {} }
        : runJob(job, folder, environment),
    )
  }
  return runs
}

function runJob(
  { name, steps }: Job,
  folder: string,
  environment: Readonly<Record<string, string>>,
): JobRun {
  const printed: Record<string, string> = {}
  for (const step of steps) {
    const { status, stdout, stderr } = spawnSync('sh', ['-e', '-c', step.run], {
      cwd: folder,
      env: { ...environment, ...step.environment },
      encoding: 'utf8',
      timeout: 120_000,
    })
    printed[step.run] = `${stdout}${stderr}`
    if (status !== 0) return { name, outcome: 'failed', failed: step.run, printed }
  }
  return { name, outcome: 'passed', failed: null, printed }
}
