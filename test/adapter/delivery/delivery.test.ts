/** A delivery against a real receiver: at least once, in order, through failures, restarts and a log that was cut back. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { sampleDraft, sampleEvent } from '../../../scripts/sample-draft.ts'
import { cursorFile } from '../../../service/adapter/delivery/cursor-file.ts'
import {
  Delivery,
  type Cursor,
  type DeliveryNotice,
} from '../../../service/adapter/delivery/delivery.ts'
import { opaSink } from '../../../service/adapter/delivery/opa-sink.ts'
import { MemoryLog } from '../../../service/adapter/memory-log/memory-log.ts'
import type { OpaDelivery } from '../../../service/contract/delivery.ts'
import { limits } from '../../../service/contract/limits.ts'
import { until } from '../../support/listening-source.ts'
import { idsOf, startOpaReceiver, type OpaReceiver } from '../../support/opa-receiver.ts'

const now = 1_900_000_000
let audit: MemoryLog
let receiver: OpaReceiver
let directory: string
let told: DeliveryNotice[]
let open: Delivery[]
beforeEach(async () => {
  audit = new MemoryLog('pdp.test/acme')
  receiver = await startOpaReceiver()
  directory = mkdtempSync(join(tmpdir(), 'countersign-delivery-'))
  told = []
  open = []
})
afterEach(async () => {
  await Promise.all(open.map((delivery) => delivery.close()))
  await receiver.stop()
})

async function decide(...ids: readonly string[]): Promise<void> {
  for (const id of ids) await audit.append(sampleDraft(id, 'wf_1', now), null)
}

function start(
  more: Partial<OpaDelivery> = {},
  cursor: Cursor = cursorFile(directory, 'siem'),
): Delivery {
  const config = {
    name: 'siem',
    kind: 'opa_decision_log',
    url: receiver.url,
    internal: true,
  } as const
  const delivery = new Delivery('siem', {
    ...{ audit, sink: opaSink({ ...config, ...more }), cursor },
    // The shortest pauses that there are.
    ...{ random: () => 0, told: (notice: DeliveryNotice) => told.push(notice) },
  })
  open.push(delivery)
  delivery.start()
  return delivery
}

async function idle(delivery: Delivery): Promise<void> {
  await until(() => delivery.state().lag === 0)
}

it('sends every decision once and in order, and no other entry', async () => {
  await decide('dec_1')
  await audit.append(sampleEvent('evt_1', null, now), null)
  const delivery = start()
  await decide('dec_2', 'dec_3')
  await idle(delivery)
  expect(idsOf(receiver.taken)).toEqual(['dec_1', 'dec_2', 'dec_3'])
  expect(receiver.taken[0]?.headers).toMatchObject({
    'content-type': 'application/json',
    'content-encoding': 'gzip',
  })
  expect(delivery.state()).toEqual({
    ...{ name: 'siem', kind: 'opa_decision_log', delivered: 4, lag: 0, failures: 0, error: null },
  })
})

it('what policy saw goes along only where it is asked for', async () => {
  await decide('dec_1')
  await idle(start())
  await idle(start({ disclose: true }, cursorFile(directory, 'other')))
  const [closed, disclosed] = receiver.taken.flatMap(({ events }) => events)
  expect(closed).toMatchObject({ decision_id: 'dec_1', erased: ['/input'] })
  expect(closed).not.toHaveProperty('input')
  expect(disclosed).toMatchObject({ decision_id: 'dec_1', input: { person: 'someone' } })
  expect(disclosed).not.toHaveProperty('erased')
})

it('shows the token of its file, as it is at that time', async () => {
  const file = join(directory, 'token')
  writeFileSync(file, 'first\n')
  const delivery = start({ bearer_token_file: file })
  await decide('dec_1')
  await idle(delivery)
  writeFileSync(file, 'second')
  await decide('dec_2')
  await idle(delivery)
  const shown = receiver.taken.map(({ headers }) => headers['authorization'])
  expect(shown).toEqual(['Bearer first', 'Bearer second'])
})

it('what is refused comes again until it is taken, and an operator is told once of each change', async () => {
  await decide('dec_1', 'dec_2')
  receiver.answer = () => (receiver.seen.length < 3 ? 503 : 200)
  const delivery = start()
  await until(() => delivery.state().failures > 0)
  expect(delivery.notices()).toEqual([
    'the delivery siem is 2 entries behind the log: the receiver answered 503',
  ])
  await idle(delivery)
  expect(idsOf(receiver.seen)).toEqual(['dec_1', 'dec_2', 'dec_1', 'dec_2', 'dec_1', 'dec_2'])
  expect(idsOf(receiver.taken)).toEqual(['dec_1', 'dec_2'])
  expect(told).toEqual([
    { event: 'failed', delivery: 'siem', reason: 'the receiver answered 503' },
    { event: 'delivers_again', delivery: 'siem' },
  ])
  expect(delivery.notices()).toEqual([])
})

it('a redirect is a failure: a receiver does not choose where decisions go', async () => {
  await decide('dec_1')
  receiver.answer = () => 307
  const delivery = start()
  await until(() => delivery.state().failures > 0)
  expect(delivery.state()).toMatchObject({ delivered: 0, error: 'the receiver answered 307' })
})

it('goes on after a restart where it was acknowledged, and sends again what was not', async () => {
  await decide('dec_1')
  const first = start()
  await idle(first)
  // The receiver took this one; the place was not written when the process ended.
  const { read, write } = cursorFile(directory, 'siem')
  await first.close()
  await decide('dec_2')
  const second = start({}, { read, write: () => Promise.reject(new Error('crashed')) })
  await until(() => second.state().failures > 0)
  await second.close()
  await decide('dec_3')
  await idle(start({}, { read, write }))
  expect(new Set(idsOf(receiver.taken).slice(1, -2))).toEqual(new Set(['dec_2']))
  expect(idsOf(receiver.taken).slice(-2)).toEqual(['dec_2', 'dec_3'])
  expect(idsOf(receiver.taken)[0]).toBe('dec_1')
})

it('a receiver that takes less at once gets less at once, and everything', async () => {
  const ids = Array.from({ length: 9 }, (_, i) => `dec_${String(i)}`)
  await decide(...ids)
  receiver.answer = ({ events }) => (events.length > 2 ? 413 : 200)
  await idle(start())
  expect(idsOf(receiver.taken)).toEqual(ids)
  expect(told).toEqual([])
})

it('an upload is bounded in entries', async () => {
  const ids = Array.from({ length: limits.deliveredEntries + 1 }, (_, i) => `dec_${String(i)}`)
  await decide(...ids)
  await idle(start())
  expect(idsOf(receiver.taken)).toEqual(ids)
  const most = Math.max(...receiver.taken.map(({ events }) => events.length))
  expect(most).toBeLessThanOrEqual(limits.deliveredEntries)
})

it('a place past the end of the log is told, and nothing is skipped', async () => {
  await decide('dec_1')
  await cursorFile(directory, 'siem').write(7)
  const delivery = start()
  await until(() => delivery.state().failures > 0)
  expect(delivery.state().error).toBe(
    'its place is entry 7, past the end of the log (1 entries): the log was cut back',
  )
  expect(receiver.seen).toEqual([])
})

it.each(['', '{"next":-1}', '{"next":"1"}', '[]'])(
  'a file that holds no place (%s) is told',
  async (text) => {
    writeFileSync(join(directory, 'siem.json'), text)
    const delivery = start()
    await until(() => delivery.state().failures > 0)
    expect(delivery.state().error).toContain('siem.json holds no place: remove it')
  },
)
