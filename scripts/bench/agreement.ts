// Before anything is measured, every question is asked of everybody: the effects must be the expected
// ones, or the figures would compare two different jobs.

import type { Effect } from '../../service/contract/policy-result.ts'
import { connections } from './load.ts'
import type { Contestant } from './contestant.ts'
import type { Question } from './question.ts'

/** @returns how many questions were asked. */
export async function checkEffects(
  contestant: Contestant,
  questions: readonly Question[],
): Promise<number> {
  let next = 0
  const ask = async (): Promise<void> => {
    for (let question = questions[next++]; question !== undefined; question = questions[next++]) {
      await checkEffect(contestant, question)
    }
  }
  await Promise.all(Array.from({ length: connections }, ask))
  return questions.length
}

async function checkEffect(contestant: Contestant, question: Question): Promise<void> {
  const response = await fetch(contestant.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(contestant.bearer === null ? {} : { authorization: `Bearer ${contestant.bearer}` }),
    },
    body: contestant.bodyOf(question.query),
  })
  const text = await response.text()
  if (effectOf(text) === question.expected && response.status === 200) return
  const { capability, server } = question.query
  throw new Error(
    `${contestant.name} answers ${response.status} to ${server.id} ${capability.name ?? ''}, ` +
      `which should be ${question.expected}: ${text.slice(0, 2000)}`,
  )
}

function effectOf(text: string): Effect | undefined {
  const answer = JSON.parse(text) as { effect?: Effect; result?: { effect?: Effect } }
  return answer.effect ?? answer.result?.effect
}
