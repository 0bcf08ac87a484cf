// The service as it ships, in a process of its own: whole decisions over HTTP, proved, judged by the default pack,
// signed and durable. Beside the pack stands one rule that falls for the attacks (repository/).

import { mkdirSync, rmSync } from 'node:fs'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { loadDevelopmentKeys } from '../../service/adapter/development/development-keys.ts'
import { development } from '../../service/adapter/development/development-tenant.ts'
import { startCountersign } from '../bench/countersign.ts'
import { questionsOf, type Question } from '../bench/question.ts'
import { benchRegistry, padded } from '../bench/registry.ts'
import { ask } from '../bench/swap-load.ts'
import { issuersOf } from '../bench/token.ts'
import { cache } from '../parts/root.ts'
import { heldByProcess } from './held.ts'
import { attackNames, type Attack } from './hostile.ts'
import { writeHostilePolicy } from './hostile-policy.ts'
import type { Asker, Stage } from './stage.ts'

/** Of the initiators of the bench, those that attack; nobody of them asks anything else. */
const hostileInitiators = new Set(Array.from({ length: 10 }, (_, i) => padded(i)))
const connections = 32

export async function startServiceStage(): Promise<Stage> {
  const folder = join(cache, `isolation-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true })
  })
  const data = join(folder, 'data')
  const issuers = issuersOf(await loadDevelopmentKeys(data))
  const registry = benchRegistry(development.identityIssuer)
  const policy = await writeHostilePolicy(join(folder, 'hostile'))
  const service = await startCountersign(folder, data, {
    ...{ registry, policy, pepToken: issuers.pepToken() },
  })
  const { hostile, ordinary } = sorted(questionsOf(4000, 'reused', issuers))
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const decide = async ({ query }: Question): Promise<Answer> =>
    JSON.parse(await ask(service, agent, service.bodyOf(query))) as Answer
  return {
    name: 'service',
    ask: async (number) => {
      const question = at(ordinary, number)
      const { effect, reasons } = await decide(question)
      return effect === question.expected ? null : `${effect}: ${reasons?.[0]?.code ?? ''}`
    },
    attack: async (attack, asker) => {
      const answer = await decide(attacking(at(hostile, placeOf(attack, asker)), attack))
      return answer.reasons?.[0]?.code ?? answer.code ?? 'no decision'
    },
    held: () => heldByProcess(service.process.pid ?? NaN),
    close: async () => {
      agent.destroy()
      await service.stop()
    },
  }
}

/** Of a decision, or of a problem in its place. */
type Answer = {
  readonly effect?: string
  readonly reasons?: readonly { readonly code: string }[]
  readonly code?: string
}

/** Only what would be permitted may attack: what the pack denies would say nothing of the rule. */
function sorted(questions: readonly Question[]): {
  readonly hostile: readonly Question[]
  readonly ordinary: readonly Question[]
} {
  const isHostile = ({ query }: Question): boolean =>
    hostileInitiators.has(query.purpose?.ref?.split('-')[1] ?? '')
  return {
    hostile: questions.filter((one) => isHostile(one) && one.expected === 'permit'),
    ordinary: questions.filter((one) => !isHostile(one)),
  }
}

/** Each is another initiator or another capability: a name of its own to the engine. */
function placeOf(attack: Attack, asker: Asker): number {
  const mostKnown = 10
  const first = attackNames.length * mostKnown
  return 'known' in asker
    ? attackNames.indexOf(attack) * mostKnown + asker.known
    : first + asker.stranger
}

function attacking({ query, expected }: Question, attack: Attack): Question {
  const { capability } = query
  const given = { ...capability.arguments, query: `attack:${attack}` }
  return { expected, query: { ...query, capability: { ...capability, arguments: given } } }
}

function at<T>(all: readonly T[], number: number): T {
  const one = all[number % all.length]
  if (one === undefined) throw new Error('there are no questions')
  return one
}
