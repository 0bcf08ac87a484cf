/** The workflow file of GitHub Actions as jobs with lines to run: the part of it that the sample uses. */
import { parse } from 'yaml'
import { holds } from './condition.ts'
import { secretsFor, type CiEvent, type CiSettings, type Job, type Step } from './pipeline.ts'

type Environment = Readonly<Record<string, string>>

export type GithubWorkflow = {
  readonly on: Readonly<Record<string, { readonly branches?: readonly string[] } | null>>
  readonly permissions: unknown
  readonly env?: Environment
  readonly jobs: Readonly<Record<string, GithubJob>>
}

export type GithubJob = {
  readonly needs?: string
  readonly if?: string
  readonly container: string
  readonly environment?: string
  readonly permissions?: Readonly<Record<string, string>>
  readonly steps: readonly {
    readonly uses?: string
    readonly with?: Readonly<Record<string, unknown>>
    readonly run?: string
    readonly env?: Environment
  }[]
}

export function readGithub(text: string): GithubWorkflow {
  return parse(text) as GithubWorkflow
}

export function githubJobs(text: string, event: CiEvent, settings: CiSettings): readonly Job[] {
  const workflow = readGithub(text)
  if (!isFor(workflow, event)) return []
  return Object.entries(workflow.jobs).map(([name, job]) => {
    const valueOf = contextOf(event, settings, job)
    return {
      name,
      needs: job.needs === undefined ? [] : [job.needs],
      applies: job.if === undefined || holds(job.if, valueOf),
      steps: job.steps.flatMap((step) => stepOf(step, workflow, valueOf)),
    }
  })
}

function isFor({ on }: GithubWorkflow, { kind, branch }: CiEvent): boolean {
  if (!(kind in on)) return false
  const branches = on[kind]?.branches
  return branches === undefined || branches.includes(branch)
}

function stepOf(
  { uses, run, env = {} }: GithubJob['steps'][number],
  workflow: GithubWorkflow,
  valueOf: (name: string) => string,
): readonly Step[] {
  if (run === undefined) {
    // The checkout is there already; of any other action we know nothing.
    if (uses?.startsWith('actions/checkout@') === true) return []
    throw new Error(`${uses ?? 'a step without run'} cannot be run here`)
  }
  const written = Object.entries({ ...workflow.env, ...env })
  const environment = written.map(([name, value]) => [name, substituted(value, valueOf)] as const)
  return [{ run: substituted(run, valueOf), environment: Object.fromEntries(environment) }]
}

function substituted(text: string, valueOf: (name: string) => string): string {
  return text.replaceAll(/\$\{\{\s*([^}]+?)\s*\}\}/gu, (_, name: string) => valueOf(name))
}

/** What is not set is empty, as there. */
function contextOf(
  event: CiEvent,
  settings: CiSettings,
  { environment }: GithubJob,
): (name: string) => string {
  const { username, password } = settings.registry
  const secrets: Environment = {
    GITHUB_TOKEN: password,
    ...secretsFor(settings, event, environment),
  }
  const github: Environment = {
    actor: username,
    event_name: event.kind,
    ref: event.kind === 'push' ? `refs/heads/${event.branch}` : 'refs/pull/1/merge',
  }
  const contexts: Readonly<Record<string, Environment>> = {
    ...{ github, secrets, vars: settings.variables },
  }
  return (name) => {
    const [context = '', member = '', ...more] = name.split('.')
    const known = contexts[context]
    if (known === undefined || more.length > 0) throw new Error(`${name} is not known here`)
    return known[member] ?? ''
  }
}
