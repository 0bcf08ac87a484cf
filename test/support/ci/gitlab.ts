/** The pipeline file of GitLab as jobs with lines to run: the part of it that the sample uses. */
import { parse } from 'yaml'
import { holds } from './condition.ts'
import { secretsFor, type CiEvent, type CiSettings, type Job } from './pipeline.ts'

type Environment = Readonly<Record<string, string>>
type Rules = readonly { readonly if: string }[]

export type GitlabJob = {
  readonly stage: string
  readonly rules?: Rules
  readonly environment?: { readonly name: string }
  readonly variables?: Readonly<Record<string, string | number>>
  readonly script: readonly string[]
}

export type GitlabPipeline = {
  readonly default: { readonly image: string }
  readonly stages: readonly string[]
  readonly workflow: { readonly rules: Rules }
  readonly variables: Environment
  readonly jobs: Readonly<Record<string, GitlabJob>>
}

const mainBranch = 'main'

export function readGitlab(text: string): GitlabPipeline {
  const {
    default: defaults,
    stages,
    workflow,
    variables,
    ...jobs
  } = parse(text) as Omit<GitlabPipeline, 'jobs'> & Record<string, unknown>
  return {
    ...{ default: defaults, stages, workflow, variables },
    jobs: jobs as Readonly<Record<string, GitlabJob>>,
  }
}

export function gitlabJobs(text: string, event: CiEvent, settings: CiSettings): readonly Job[] {
  const pipeline = readGitlab(text)
  const given = predefined(event, settings)
  if (!anyHolds(pipeline.workflow.rules, given)) return []
  return Object.entries(pipeline.jobs).map(([name, job]) => {
    const secrets = secretsFor(settings, event, job.environment?.name)
    const known = { ...given, ...secrets }
    const own = { ...pipeline.variables, ...job.variables }
    const written = Object.entries(own).map(([key, value]) => [key, expanded(String(value), known)])
    const environment = { ...known, ...(Object.fromEntries(written) as Environment) }
    return {
      name,
      needs: earlier(pipeline, job.stage),
      applies: job.rules === undefined || anyHolds(job.rules, given),
      steps: job.script.map((run) => ({ run, environment })),
    }
  })
}

/** A stage begins when those before it have passed. */
function earlier({ stages, jobs }: GitlabPipeline, stage: string): readonly string[] {
  const before = stages.slice(0, stages.indexOf(stage))
  return Object.entries(jobs).flatMap(([name, job]) => (before.includes(job.stage) ? [name] : []))
}

function anyHolds(rules: Rules, given: Environment): boolean {
  return rules.some((rule) => holds(rule.if, (name) => given[name.replace(/^\$/u, '')] ?? ''))
}

function expanded(text: string, known: Environment): string {
  return text.replaceAll(/\$([A-Z_]+)/gu, (_, name: string) => known[name] ?? '')
}

function predefined({ kind, branch }: CiEvent, settings: CiSettings): Environment {
  const { username, password } = settings.registry
  return {
    ...settings.variables,
    CI_REGISTRY_USER: username,
    CI_REGISTRY_PASSWORD: password,
    CI_DEFAULT_BRANCH: mainBranch,
    ...(kind === 'push'
      ? {
          CI_PIPELINE_SOURCE: 'push',
          CI_COMMIT_BRANCH: branch,
          CI_COMMIT_REF_PROTECTED: String(branch === mainBranch),
        }
      : { CI_PIPELINE_SOURCE: 'merge_request_event', CI_COMMIT_REF_PROTECTED: 'false' }),
  }
}
