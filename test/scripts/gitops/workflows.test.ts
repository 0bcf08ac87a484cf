/** The workflow files of the sample: pinned, with the least rights, and the signing key for main alone. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { githubJobs, readGithub } from '../../support/ci/github.ts'
import { gitlabJobs, readGitlab } from '../../support/ci/gitlab.ts'
import type { CiEvent, CiSettings, Job } from '../../support/ci/pipeline.ts'

const sample = join(import.meta.dirname, '../../../scripts/gitops')
const githubText = readFileSync(join(sample, '.github/workflows/policy.yml'), 'utf8')
const gitlabText = readFileSync(join(sample, '.gitlab-ci.yml'), 'utf8')
const github = readGithub(githubText)
const gitlab = readGitlab(gitlabText)
const image = /^[a-z0-9./-]+@sha256:[0-9a-f]{64}$/u

const settings: CiSettings = {
  registry: { username: 'robot', password: 'right' },
  variables: {},
  environments: { 'policy-release': { branch: 'main', secrets: { POLICY_SIGNING_KEY: 'PEM' } } },
}
const providers: readonly (readonly [string, (event: CiEvent) => readonly Job[]])[] = [
  ['GitHub', (event) => githubJobs(githubText, event, settings)],
  ['GitLab', (event) => gitlabJobs(gitlabText, event, settings)],
]
const main: CiEvent = { kind: 'push', branch: 'main' }

describe.each(providers)('%s', (_name, jobsFor) => {
  it('checks, tests, lints and compares, and then builds, signs and pushes', () => {
    const lines = jobsFor(main).map(({ name, needs, applies, steps }) => ({
      ...{ name, needs, applies, lines: steps.map(({ run }) => run) },
    }))
    const step = (name: string): string => `ci/policy.sh ${name}`
    expect(lines).toEqual([
      {
        ...{ name: 'verify', needs: [], applies: true },
        lines: ['check', 'test', 'lint', 'diff'].map(step),
      },
      {
        ...{ name: 'release', needs: ['verify'], applies: true },
        lines: ['build', 'sign', 'push'].map(step),
      },
    ])
  })

  it('gives the key to no job that runs tests', () => {
    const verify = jobsFor(main).find(({ name }) => name === 'verify')
    expect(JSON.stringify(verify)).not.toContain('PEM')
    expect(JSON.stringify(jobsFor(main))).toContain('PEM')
  })

  it.each<CiEvent>([
    { kind: 'pull_request', branch: 'feature' },
    { kind: 'pull_request', branch: 'main' },
    { kind: 'push', branch: 'feature' },
  ])('releases nothing for $kind of $branch, and shows it no key', (event) => {
    const jobs = jobsFor(event)
    expect(jobs.filter(({ name, applies }) => applies && name !== 'verify')).toEqual([])
    expect(JSON.stringify(jobs)).not.toContain('PEM')
  })
})

describe('GitHub', () => {
  it('pins every action to a commit and every image to a digest', () => {
    const jobs = Object.values(github.jobs)
    const uses = jobs.flatMap(({ steps }) => steps.flatMap((step) => step.uses ?? []))
    expect(uses).toHaveLength(2)
    for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/u)
    expect(new Set(jobs.map(({ container }) => container)).size).toBe(1)
    for (const { container } of jobs) expect(container).toMatch(image)
  })

  it('has no right but to read, and to write packages where it releases', () => {
    expect(github.permissions).toEqual({})
    const { verify, release } = github.jobs
    expect(verify?.permissions).toEqual({ contents: 'read', packages: 'read' })
    expect(release?.permissions).toEqual({ contents: 'read', packages: 'write' })
    const checkouts = Object.values(github.jobs).flatMap(({ steps }) =>
      steps.filter(({ uses }) => uses !== undefined),
    )
    for (const checkout of checkouts)
      expect(checkout.with).toMatchObject({ 'persist-credentials': false })
  })

  it('shows the key to the step that signs, and to no other', () => {
    const withKey = githubJobs(githubText, main, settings).flatMap(({ steps }) =>
      steps.filter((step) => JSON.stringify(step.environment).includes('PEM')),
    )
    expect(withKey.map(({ run }) => run)).toEqual(['ci/policy.sh sign'])
  })

  it('never puts what a pull request says into a line of a shell', () => {
    const lines = Object.values(github.jobs).flatMap(({ steps }) => steps.map(({ run }) => run))
    expect(lines.filter((line) => line?.includes('${{') === true)).toEqual([])
    expect(Object.keys(github.on)).not.toContain('pull_request_target')
  })
})

describe('GitLab', () => {
  it('pins its image to a digest', () => {
    expect(gitlab.default.image).toMatch(image)
  })
})

describe('the script', () => {
  const script = (step: string) =>
    spawnSync('sh', [join(sample, 'ci/policy.sh'), step], {
      env: { PATH: '/usr/bin:/bin' },
      encoding: 'utf8',
    })

  it.each([
    ['dance', /^Usage: /u],
    ['diff', /^ci\/policy\.sh: set POLICY_IMAGE\n$/u],
    ['sign', /^ci\/policy\.sh: set POLICY_KEY_ID\n$/u],
    ['push', /^ci\/policy\.sh: set POLICY_IMAGE\n$/u],
  ])('%s says in one line what is missing', (step, said) => {
    const { status, stdout, stderr } = script(step)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(said)
  })
})
