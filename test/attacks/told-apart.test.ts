/**
 * What belongs to another tenant is answered as what does not exist: the same status, headers and body, in times that
 * cannot be told apart. Samples are interleaved and compared by rank, so that a busy machine disturbs both alike.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { shareAbove } from '../support/rank.ts'
import { startStage, type Stage } from '../support/stage.ts'

let stage: Stage
let credential: string

beforeAll(async () => {
  stage = await startStage()
  credential = await stage.b.credential()
})
afterAll(async () => {
  await stage.stop()
})

type Asked = { readonly face: string; readonly milliseconds: number }

async function ask(path: string, body?: unknown): Promise<Asked> {
  const began = performance.now()
  const { status, headers, text } = await stage.b.call(path, body, {
    authorization: `Bearer ${credential}`,
  })
  const milliseconds = performance.now() - began
  const kept = [...headers].filter(([name]) => !['date', 'x-request-id'].includes(name))
  return { face: JSON.stringify([status, kept, text]), milliseconds }
}

const samples = 300

/** In turn, and in turns of either order. */
async function compare(
  one: () => Promise<Asked>,
  other: () => Promise<Asked>,
): Promise<{ readonly faces: ReadonlySet<string>; readonly above: number }> {
  const taken: [Asked[], Asked[]] = [[], []]
  for (let at = -20; at < samples; at += 1) {
    const order = at % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)
    for (const which of order) {
      const asked = await (which === 0 ? one() : other())
      if (at >= 0) taken[which].push(asked)
    }
  }
  const times = ([first, second] = taken) =>
    shareAbove(
      first.map(({ milliseconds }) => milliseconds),
      second.map(({ milliseconds }) => milliseconds),
    )
  return { faces: new Set(taken.flat().map(({ face }) => face)), above: times() }
}

/** What the other tenant has, beside what nobody has, by one path each. */
async function pathsOf(name: string): Promise<readonly [string, string, unknown]> {
  const { a } = stage
  const unknown = crypto.randomUUID()
  if (name === 'a stop') {
    const { body } = await a.call('/v1/stops', {
      ...{ scope: { kind: 'server', server: 'crm' }, reason: 'x' },
    })
    const [theirs, nobodys] = [String(body['id']), `evt_${unknown}`]
    return [`/v1/stops/${theirs}/lift`, `/v1/stops/${nobodys}/lift`, { reason: 'x' }]
  }
  const { body } = await a.call('/v1/decisions', await a.query())
  const [theirs, nobodys] = [String(body['decision_id']), `dec_${unknown}`]
  const [under, sent] =
    name === 'a decision' ? ['', undefined] : ['/outcome', { status: 'executed' }]
  return [`/v1/decisions/${theirs}${under}`, `/v1/decisions/${nobodys}${under}`, sent]
}

describe.each(['a decision', 'the outcome of a decision', 'a stop'])('%s', (name) => {
  it('of another tenant cannot be told from one that does not exist', async () => {
    const [theirs, nobodys, sent] = await pathsOf(name)
    const { faces, above } = await compare(
      () => ask(theirs, sent),
      () => ask(nobodys, sent),
    )
    expect([...faces]).toHaveLength(1)
    expect([...faces][0]).toContain('404')
    // By chance alone it stays within 0.05 of a half; the bound leaves room for a machine that is busy.
    expect(Math.abs(above - 0.5)).toBeLessThan(0.15)
  })
})

it('a difference would show: the measure tells samples apart that differ by a tenth', () => {
  const noise = Array.from({ length: samples }, (_, at) => 1 + ((at * 7919) % 101) / 500)
  expect(shareAbove(noise, noise)).toBeCloseTo(0.5, 5)
  expect(
    shareAbove(
      noise.map((time) => time * 1.1),
      noise,
    ),
  ).toBeGreaterThan(0.65)
})
