// The engine by itself: questions of a tenth of a millisecond, which feel every wait.

import { startPolicyEngine } from '../../service/adapter/policy-engine/start-policy-engine.ts'
import { limits } from '../../service/contract/limits.ts'
import type { PolicyEngine } from '../../service/port/policy-engine.ts'
import { held } from './held.ts'
import { attacks, hostileActivation, ordinary } from './hostile.ts'
import type { Stage } from './stage.ts'

const askers = 8

export async function startEngineStage(evaluationMilliseconds: number): Promise<Stage> {
  const engine = await startPolicyEngine(hostileActivation(), {
    ...{ workers: 1, evaluationMilliseconds, pages: limits.evaluationPages },
  })
  return { ...engineStage(engine), held: () => held(), close: () => engine.close() }
}

export function engineStage(engine: PolicyEngine): Pick<Stage, 'name' | 'ask' | 'attack'> {
  return {
    name: 'engine',
    ask: async (number) => {
      const answer = await engine.evaluate(ordinary(number), `ordinary ${number % askers}`)
      if (!answer.ok) return answer.fault
      return answer.result === String(number) ? null : `wrong: ${answer.result}`
    },
    attack: async (attack, asker) => {
      const name = 'known' in asker ? `${attack} ${asker.known}` : `stranger ${asker.stranger}`
      const answer = await engine.evaluate(attacks[attack], name)
      return answer.ok ? `answered ${answer.result.slice(0, 20)}` : answer.fault
    },
  }
}
