/**
 * What is missing or malformed never permits: every member of every permitted base question is taken away
 * and put to values of other types, one at a time, and the default policy must not permit what is left.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startJudging, type Judged } from '../support/policy-engine.ts'
import { baseQuestions } from './cases.ts'

let judged: Judged

beforeAll(async () => {
  judged = await startJudging()
})
afterAll(async () => {
  await judged.close()
})

const absent = Symbol('absent')
const others = [absent, null, true, 7, 'x', ['x'], { x: 'x' }]

/** Members that no rule reads, or that are asserted: they may tighten a decision and never loosen it. */
const free = [
  /^\/(v|decision_id|tenant|asserted)($|\/)/u,
  /^\/question\/(protocol_version|name|uri|content|result)($|\/)/u,
  /^\/verified\/pep\/(id|grade)$/u,
]

describe.each([...baseQuestions])('a question of the kind %s', (_name, question) => {
  const pointers = pointersOf(question).filter((at) => !free.some((pattern) => pattern.test(at)))

  it('is not permitted without a member, or with one of another type', async () => {
    const permitted: string[] = []
    for (const at of pointers) {
      for (const value of others) {
        const input = changed(question, at.split('/').slice(1), value)
        if (input === undefined) continue
        const { effect } = await judged.judge(input)
        if (effect === 'permit') permitted.push(`${at} = ${String(value === absent ? 'absent' : JSON.stringify(value))}`)
      }
    }
    expect(permitted).toEqual([])
  })
})

function pointersOf(value: unknown, at = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return at === '' ? [] : [at]
  const inside = Object.entries(value).flatMap(([name, member]) => pointersOf(member, `${at}/${name}`))
  return at === '' ? inside : [at, ...inside]
}

/** The question with the value in the place; undefined where the value is of the type that stands there. */
function changed(question: unknown, path: readonly string[], value: unknown): unknown {
  const copy = structuredClone(question) as Record<string, unknown>
  let parent = copy
  for (const name of path.slice(0, -1)) parent = parent[name] as Record<string, unknown>
  const last = path.at(-1) ?? ''
  if (typeOf(parent[last]) === typeOf(value)) return undefined
  if (value === absent) {
    if (Array.isArray(parent)) parent.splice(Number(last), 1)
    else delete parent[last]
  } else parent[last] = value
  return copy
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
