/** A list of decisions: however it is cut into pages, it is the log's decisions from that time on, each once. */
import { describe, expect, it, jest } from '@jest/globals'
import { sampleDraft, sampleEvent } from '../../scripts/sample-draft.ts'
import { MemoryLog } from '../../service/adapter/memory-log/memory-log.ts'
import type { ListedDecision } from '../../service/contract/decision-list.ts'
import { limits } from '../../service/contract/limits.ts'
import { listDecisions } from '../../service/flow/list-decisions.ts'
import { erase } from '../port/audit-log-drafts.ts'

const start = 1_900_000_000
const asked = { since: null, until: null, after: null, filter: {} }
const agent = { iss: 'https://idp', client_id: 'agent' }
const initiator = { iss: 'https://idp', client_id: 'agent', delegation: [] as object[] }

async function logOf(entries: number): Promise<MemoryLog> {
  const log = new MemoryLog('pdp/a')
  for (let i = 0; i < entries; i += 1) {
    // Three entries a second, an event among four.
    const now = start + Math.floor(i / 3)
    const { typ, ...draft } = sampleDraft(
      `dec_${String(i)}`,
      'wf_1',
      now,
      `person-${String(i % 2)}`,
    )
    const value = {
      input: { verified: { initiator } },
      reasons: [{ code: 'a.b', params: { waived_by: 'late' } }],
    }
    const disclosure = { subject: `person-${String(i % 2)}`, value }
    const isEvent = i % 4 === 3
    await log.append(
      isEvent ? sampleEvent(`evt_${String(i)}`, null, now) : { typ, ...draft, disclosure },
      null,
    )
  }
  return log
}

async function allPages(log: MemoryLog, since: number | null): Promise<readonly ListedDecision[]> {
  const all: ListedDecision[] = []
  let after: number | null = null
  for (let pages = 0; pages < 100; pages += 1) {
    const { decisions, next } = await listDecisions({ ...asked, since, after }, log)
    all.push(...decisions)
    if (next === null) return all
    after = Number(next)
  }
  throw new Error('the list does not end')
}

describe('a list of decisions', () => {
  it.each([0, 1, 199, 200, 201, 450])(
    'of %i entries is every decision, once and in order',
    async (entries) => {
      const log = await logOf(entries)
      const wanted = Array.from({ length: entries }, (_, i) => i).filter((i) => i % 4 !== 3)
      expect((await allPages(log, null)).map(({ index }) => index)).toEqual(wanted)
    },
  )

  it('names the exceptions that waived a finding, each once', async () => {
    const [first] = await allPages(await logOf(1), null)
    expect(first).toMatchObject({ waived_by: ['late'], observed_by: [] })
  })

  it('begins with the first that is not older, wherever that lies', async () => {
    const log = await logOf(250)
    for (const since of [
      start - 1,
      start,
      start + 1,
      start + 41,
      start + 82,
      start + 83,
      start + 84,
    ]) {
      const wanted = (await allPages(log, null)).filter(({ at }) => Date.parse(at) >= since * 1000)
      expect([since, await allPages(log, since)]).toEqual([since, wanted])
    }
  })

  it('holds a place against a time: what was read is not read again, and what is older is not read', async () => {
    const log = await logOf(100)
    const of = async (since: number, after: number): Promise<readonly number[]> =>
      (await listDecisions({ ...asked, since, after }, log)).decisions.map(({ index }) => index)
    expect((await of(start, 89)).at(0)).toBe(90)
    expect((await of(start + 31, 10)).at(0)).toBe(93)
    expect(await of(start, 99)).toEqual([])
  })

  it('takes a place of the log for ever: what comes later comes behind it', async () => {
    const log = await logOf(limits.listedEntries + 1)
    const { next } = await listDecisions(asked, log)
    expect(next).toBe(String(limits.listedEntries - 1))
    await log.append(sampleEvent('evt_late', null, start + 1000), null)
    expect(await listDecisions({ ...asked, after: Number(next) }, log)).toMatchObject({
      decisions: [{ decision_id: `dec_${String(limits.listedEntries)}` }],
      next: null,
    })
  })

  it('ends before a time, where nothing more is to come', async () => {
    const log = await logOf(250)
    const { decisions, next } = await listDecisions({ ...asked, until: start + 2 }, log)
    expect([decisions.map(({ index }) => index), next]).toEqual([[0, 1, 2, 4, 5], null])
    expect(await listDecisions({ ...asked, until: start, after: 7 }, log)).toEqual({
      ...{ decisions: [], next: null, index: { first: 0, size: 250, lag: 0 } },
    })
  })

  it('is only of what was asked for, over any number of pages and within a time', async () => {
    const log = await logOf(limits.listedEntries * 3)
    const filter = { effect: 'permit', server: 'ops' }
    const found: number[] = []
    const within = { since: start + 10, until: start + 190, filter }
    for (let after: number | null = null, next: string | null = ''; next !== null;) {
      const page: Awaited<ReturnType<typeof listDecisions>> = await listDecisions(
        { ...within, after },
        log,
      )
      found.push(...page.decisions.map(({ index }) => index))
      next = page.next
      after = Number(next)
    }
    const all = await allPages(log, start + 10)
    const wanted = all.filter(({ at }) => Date.parse(at) < (start + 190) * 1000)
    expect(found).toEqual(wanted.map(({ index }) => index))
    const none = { ...asked, filter: { ...filter, code: 'none' } }
    expect(await listDecisions(none, log)).toMatchObject({ decisions: [], next: null })
  })

  it('says how far the index had come when it was asked for', async () => {
    const log = await logOf(10)
    jest.spyOn(log, 'indexed').mockReturnValue(7)
    expect(await listDecisions(asked, log)).toMatchObject({ index: { size: 7, lag: 3 } })
  })

  it('refuses a place that the log has not reached', async () => {
    const log = await logOf(5)
    for (const after of [5, 1_000_000]) {
      await expect(listDecisions({ ...asked, after }, log)).rejects.toMatchObject({
        code: 'invalid_request',
      })
    }
  })

  it('names the agents, each once, and none of a person who was erased', async () => {
    initiator.delegation = [
      { iss: null, sub: 'agent' },
      { iss: 'https://other', sub: 'helper' },
    ]
    const log = await logOf(2)
    initiator.delegation = []
    await erase(log, 'person-1')
    const { decisions } = await listDecisions(asked, log)
    expect(decisions.map(({ agents }) => agents)).toEqual([
      [agent, { iss: 'https://other', client_id: 'helper' }],
      null,
    ])
  })
})
