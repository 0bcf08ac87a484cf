/** Recorded questions at an engine that fails now and then: what it could not answer is asked once more, and then counted. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { judgeAll } from '../../../scripts/log/replay/judge-all.ts'
import type { Recorded } from '../../../scripts/log/replay/recorded-decisions.ts'
import type { PolicyInput } from '../../../service/contract/policy-input.ts'
import { emptyRegistry } from '../../../service/decision/registry-index.ts'
import type { Evaluation, PolicyEngine } from '../../../service/port/policy-engine.ts'

const { golden } = parse(
  readFileSync(join(import.meta.dirname, '../../golden/base.yaml'), 'utf8'),
) as { golden: { base: { tool: PolicyInput } } }
const input = golden.base.tool
const recorded = { input, text: JSON.stringify(input), reasons: [] } as unknown as Recorded

async function askedOf(answers: readonly Evaluation[]): Promise<readonly unknown[]> {
  const [calls, told]: [unknown[][], unknown[]] = [[], []]
  const evaluate = (...given: unknown[]): Promise<Evaluation> => {
    calls.push(given)
    return Promise.resolve(answers[calls.length - 1] ?? { ok: false, fault: 'engine.trap' })
  }
  const engine = { registry: emptyRegistry, evaluate } as unknown as PolicyEngine
  await judgeAll([recorded], {
    ask: () => Promise.resolve({ engine, input, text: recorded.text }),
    judged: (_recorded, { source }) => told.push(source),
    unjudged: (cause) => told.push(cause),
  })
  // Nobody asks here who could hold another up.
  expect(calls.map((given) => given.length)).toEqual(calls.map(() => 1))
  return [calls.length, ...told]
}

const busy = { ok: false, fault: 'engine.unavailable' } as const
const late = { ok: false, fault: 'engine.timeout' } as const
const answer = {
  ok: true,
  result: '{"effect":"deny","findings":[],"grounds":[],"obligations":[]}',
} as const

it.each([
  ['what is answered is judged', [answer], [1, 'policy']],
  ['what found no time is asked again', [busy, answer], [2, 'policy']],
  ['what finds none twice is counted', [late, busy], [2, 'engine_fault']],
  ['what the policy itself breaks is its own', [{ ok: true, result: '{}' }], [1, 'engine_fault']],
] as const)('%s', async (_name, answers, told) => {
  expect(await askedOf(answers)).toEqual(told)
})
