// `npm run bench`: decisions a second of OPA's own server and of Countersign, on the same policy, the
// same registry, the same questions and the same ES256 proofs, under the same load, in one run.
//
// Rounds are interleaved and medians compared, since a shared machine changes its pace. `--short` takes
// under a minute. The last line is `ratio <decisions/s> <p99>`, ours to OPA's, for tokens that are reused.

import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadDevelopmentKeys } from '../../service/adapter/development/development-keys.ts'
import { development } from '../../service/adapter/development/development-tenant.ts'
import { limits } from '../../service/contract/limits.ts'
import { cache } from '../parts/root.ts'
import { checkEffects } from './agreement.ts'
import type { Contestant } from './contestant.ts'
import { decisionsInLog, startCountersign } from './countersign.ts'
import { aimAt, connections } from './load.ts'
import { loadGenerator, measure, type Measurement } from './measure.ts'
import { startOpa } from './opa.ts'
import { proofsTable } from './proofs.ts'
import { questionsOf, type Question, type Tokens } from './question.ts'
import { benchRegistry } from './registry.ts'
import { ratioLine, tableOf, type Rounds } from './report.ts'
import { stagesTable } from './stages.ts'
import { issuersOf, type Issuers } from './token.ts'

/** Of distinct tokens there are more than anybody remembers, so that none is ever known already. */
const questionCount = { reused: 4000, distinct: limits.verifiedTokens + 616 } as const
const rounds = 3

type Plan = { readonly seconds: number; readonly warmSeconds: number; readonly checked: number }
const plans = {
  full: { seconds: 10, warmSeconds: 3, checked: Infinity },
  short: { seconds: 2, warmSeconds: 1, checked: 200 },
} as const satisfies Record<string, Plan>

const { values } = parseArgs({ options: { short: { type: 'boolean' } } })
const folder = join(cache, `bench-${process.pid}`)
mkdirSync(folder, { recursive: true })
process.on('exit', () => {
  rmSync(folder, { recursive: true, force: true })
})
print(await bench(values.short === true ? plans.short : plans.full))

async function bench(plan: Plan): Promise<string> {
  const data = join(folder, 'data')
  const keys = await loadDevelopmentKeys(data)
  const registry = benchRegistry(development.identityIssuer)
  const issuers = issuersOf(keys)
  const pepToken = issuers.pepToken()
  const contestants: Contestant[] = []
  let answered = 0
  try {
    contestants.push(await startOpa(folder, registry, keys, pepToken))
    contestants.push(await startCountersign(folder, data, { registry, pepToken }))
    const reused = await compare('reused', contestants, issuers, plan)
    const distinct = await compare('distinct', contestants, issuers, plan)
    answered = reused.answered + distinct.answered
    await stopAll(contestants)
    checkLog(data, answered)
    print(
      await stagesTable(
        folder,
        keys,
        questionsOf(plan.checked === Infinity ? 1000 : 300, 'distinct', issuers),
        pepToken,
      ),
    )
    print(await proofsTable(folder, plan.checked === Infinity ? 1000 : 300))
    return ratioLine(reused.rounds)
  } finally {
    await stopAll(contestants)
  }
}

async function stopAll(contestants: readonly Contestant[]): Promise<void> {
  await Promise.all(contestants.map((contestant) => contestant.stop()))
}

type Comparison = {
  readonly rounds: Rounds
  /** Decisions that Countersign gave. */
  readonly answered: number
}

async function compare(
  tokens: Tokens,
  contestants: readonly Contestant[],
  issuers: Issuers,
  plan: Plan,
): Promise<Comparison> {
  const generator = loadGenerator()
  const questions = questionsOf(questionCount[tokens], tokens, issuers)
  const queries = questions.map((question) => question.query)
  let answered = await checkAll(contestants, questions, plan)
  const checked = answered
  const aims = contestants.map((contestant) => aimAt(contestant, tokens, folder, queries, checked))
  const measured: Record<Contestant['name'], Measurement[]> = { opa: [], countersign: [] }
  for (let round = 0; round <= rounds; round += 1) {
    for (const aim of aims) {
      const { name } = aim.target
      const seconds = round === 0 ? plan.warmSeconds : plan.seconds
      const measurement = await measure(generator, aim, seconds)
      aim.next = (aim.next + measurement.answered + connections) % questions.length
      if (name === 'countersign') answered += measurement.answered
      if (round > 0) measured[name].push(measurement)
    }
  }
  checkMix(measured)
  print(
    `${generator.name}, ${connections} connections, ${questions.length} questions, ` +
      `${rounds} rounds of ${plan.seconds} s each, interleaved\n${tableOf(tokens, measured)}`,
  )
  return { rounds: measured, answered }
}

/** @returns how many questions Countersign answered. */
async function checkAll(
  contestants: readonly Contestant[],
  questions: readonly Question[],
  plan: Plan,
): Promise<number> {
  const checked = questions.slice(0, plan.checked)
  for (const contestant of contestants) await checkEffects(contestant, checked)
  print(`${checked.length} questions: the effects of both are the expected ones`)
  return checked.length
}

/** Under load too everybody gives the same effects; rounds end in the middle of a cycle, hence the margin. */
function checkMix({ opa, countersign }: Rounds): void {
  const mixes = [...opa, ...countersign].map((measurement) => measurement.mix)
  for (const effect of [0, 1, 2] as const) {
    const shares = mixes.map((mix) => mix[effect])
    if (Math.max(...shares) - Math.min(...shares) > 0.03) {
      throw new Error(
        `the effects differ under load: ${shares.map((share) => share.toFixed(3)).join(', ')}`,
      )
    }
  }
}

/** wrk drops what is in flight when its time is up; such a decision stands in the log all the same. */
function checkLog(data: string, answered: number): void {
  const logged = decisionsInLog(data)
  const dropped = logged - answered
  if (dropped < 0 || dropped > connections * (rounds + 1) * 2) {
    throw new Error(`${answered} decisions were answered and the log holds ${logged}`)
  }
  print(
    `${answered} decisions answered, ${logged} in the log (${dropped} in flight when a round ended)\n`,
  )
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
