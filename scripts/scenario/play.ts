// Plays one scenario: each step is sent, what comes back is held against what is wanted, and then the log is read.

import { randomUUID } from 'node:crypto'
import { development } from '../../service/adapter/development/development-tenant.ts'
import { mintAccessToken } from '../../service/adapter/development/mint.ts'
import type { DecisionAnswer } from '../../service/contract/decision.ts'
import type { Query } from '../../service/contract/query.ts'
import { bearerOf, queryOf } from './ask.ts'
import type { AskStep, Scenario, Step, VoteStep } from './scenario-file.ts'
import { audienceOf, type Desk, type Reply, type Stage } from './stage.ts'
import { timelineOf } from './timeline.ts'
import { answeredEffects, differenceOf } from './wanted.ts'

export type Failure = {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly step: string
  readonly message: string
}

export type Played = {
  readonly scenario: string
  readonly file: string
  readonly steps: number
  readonly failures: readonly Failure[]
  readonly timeline: readonly string[]
}

/** What a step gave that later ones speak of. */
type Given = { readonly answer: DecisionAnswer; readonly desk: Desk } | { readonly stop: string }

export async function play(scenario: Scenario, stage: Stage): Promise<Played> {
  return await new Play(scenario, stage).run()
}

class Play {
  readonly #scenario: Scenario
  readonly #stage: Stage
  readonly #suffix = `-${randomUUID().slice(0, 8)}`
  readonly #given = new Map<string, Given>()
  readonly #workflows = new Map<string, string>()
  readonly #failures: Failure[] = []
  /** Decisions of steps that asked several times at once, by the number of the step. */
  readonly #atOnce = new Map<string, number>()

  constructor(scenario: Scenario, stage: Stage) {
    this.#scenario = scenario
    this.#stage = stage
  }

  async run(): Promise<Played> {
    const { scenario, file, steps } = this.#scenario
    const from = (await this.#stage.entries(development.tenant, 0)).length
    for (const [at, step] of steps.entries()) {
      const name = step.name ?? String(at + 1)
      const message = await this.#play(step, name)
      if (message !== null) this.#fail(at, name, message)
    }
    const timeline = timelineOf(await this.#stage.entries(development.tenant, from), this.#atOnce)
    const told = differenceOf(this.#scenario.timeline, timeline)
    if (told !== null) this.#fail(steps.length - 1, 'timeline', told)
    return { scenario, file, steps: steps.length, failures: this.#failures, timeline }
  }

  #fail(at: number, step: string, message: string): void {
    const { file, lines } = this.#scenario
    this.#failures.push({ file, line: lines[at] ?? 1, step, message })
  }

  /** What is otherwise than it is wanted; null when nothing is. */
  async #play(step: Step, name: string): Promise<string | null> {
    if ('ask' in step) return await this.#ask(step, name)
    if ('report' in step) return await this.#report(step.report, step.status)
    if ('vote' in step) return await this.#vote(step)
    if ('stop' in step) return await this.#stop(step.stop, name)
    if ('lift' in step) return await this.#lift(step.lift)
    await this.#stage.restart()
    return null
  }

  async #ask(step: AskStep, name: string): Promise<string | null> {
    const desk = deskOf(step, 0)
    const answers = await Promise.all(
      Array.from({ length: step.times ?? 1 }, async (_, turn) => {
        const query = await queryOf(step, {
          ...{ stage: this.#stage, scenario: this.#scenario, suffix: this.#suffix },
          workflow: this.#workflowOf(step),
        })
        return await this.#stage.post(deskOf(step, turn), '/v1/decisions', query)
      }),
    )
    const refused = answers.find(({ status }) => status !== 200)
    if (refused !== undefined) return `no decision: ${problemOf(refused)}`
    const decided = answers.map(({ body }) => body as unknown as DecisionAnswer)
    if (step.times !== undefined)
      for (const { decision_id: id } of decided) this.#atOnce.set(id, this.#given.size)
    const [answer] = decided
    if (answer !== undefined) this.#remember(step, name, { answer, desk })
    return differenceOf(step.want, answeredEffects(decided, step))
  }

  #remember(
    { workflow = 'main' }: AskStep,
    name: string,
    given: Given & { answer: DecisionAnswer },
  ): void {
    this.#given.set(name, given)
    if (workflow !== 'none' && !workflow.startsWith('wf_') && !this.#workflows.has(workflow))
      this.#workflows.set(workflow, given.answer.workflow.id)
  }

  #workflowOf({ workflow = 'main', from, round }: AskStep): Query['workflow'] {
    const id = workflow.startsWith('wf_') ? workflow : this.#workflows.get(workflow)
    const parent = from === undefined ? undefined : this.#answerOf(from)?.answer.decision_id
    return {
      ...(id === undefined ? {} : { id }),
      ...(parent === undefined ? {} : { parent_decision_id: parent }),
      ...(round === undefined ? {} : { round }),
    }
  }

  #answerOf(name: string): { readonly answer: DecisionAnswer; readonly desk: Desk } | null {
    const given = this.#given.get(name)
    return given !== undefined && 'answer' in given ? given : null
  }

  async #report(name: string, status: string): Promise<string | null> {
    const given = this.#answerOf(name)
    if (given === null) return `the step "${name}" asked nothing`
    const path = `/v1/decisions/${given.answer.decision_id}/outcome`
    return unless(200, await this.#stage.post(given.desk, path, { status }))
  }

  async #vote({ vote, by, verdict = 'approve', refused }: VoteStep): Promise<string | null> {
    const given = this.#answerOf(vote)
    const id = given?.answer.hold?.id
    if (given === null || id === undefined) return `the step "${vote}" was not held for an approval`
    const shown = await this.#stage.get(given.desk, `/v1/approvals/${id}`)
    const { shown_digest } = (shown.body['approval'] ?? {}) as { readonly shown_digest?: string }
    const { person } = bearerOf(by, {
      stage: this.#stage,
      scenario: this.#scenario,
      suffix: this.#suffix,
    })
    const audience = audienceOf(given.desk.tenant)
    const voter = {
      access_token: await mintAccessToken(
        this.#stage.keys,
        { ...person, client: console },
        audience,
      ),
    }
    const reply = await this.#stage.post(given.desk, `/v1/approvals/${id}/votes`, {
      voter,
      verdict,
      shown_digest,
    })
    const code = reply.status === 200 ? undefined : reply.body['code']
    if (code === refused) return null
    return reply.status === 200
      ? `the vote counts, and ${String(refused)} was wanted`
      : problemOf(reply)
  }

  async #stop(scope: unknown, name: string): Promise<string | null> {
    const reply = await this.#stage.post(usual, '/v1/stops', { scope, reason: 'a scenario' })
    this.#given.set(name, { stop: String(reply.body['id']) })
    return unless(200, reply)
  }

  async #lift(name: string): Promise<string | null> {
    const given = this.#given.get(name)
    if (given === undefined || !('stop' in given)) return `the step "${name}" stopped nothing`
    const body = { reason: 'a scenario' }
    return unless(200, await this.#stage.post(usual, `/v1/stops/${given.stop}/lift`, body))
  }
}

/** The client at which people vote: no agent acts through it. */
const console = 'https://console.dev.countersign.test'
const usual: Desk = { gateway: 'first', tenant: development.tenant }

function deskOf({ gateway = 'first', tenant = 'dev' }: AskStep, turn: number): Desk {
  const byTurns = turn % 2 === 0 ? 'first' : 'second'
  return { gateway: gateway === 'both' ? byTurns : gateway, tenant }
}

function unless(status: number, reply: Reply): string | null {
  return reply.status === status ? null : problemOf(reply)
}

function problemOf({ status, body }: Reply): string {
  return `${String(status)} ${JSON.stringify([body['code'], body['detail']])}`
}
