/** Deliveries of a real service: what is decided arrives, across a restart, and what fails shows. */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Query } from '../../service/contract/query.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'
import { until } from '../support/listening-source.ts'
import { idsOf, startOpaReceiver, type OpaReceiver } from '../support/opa-receiver.ts'

let receiver: OpaReceiver
let service: DevelopmentService
let queries: Record<'permit' | 'deny' | 'hold', Query>
beforeAll(async () => {
  receiver = await startOpaReceiver()
  service = await startDevelopmentService({
    tenant: (tenant) => ({
      ...tenant,
      deliveries: [{ name: 'siem', kind: 'opa_decision_log', url: receiver.url, internal: true }],
    }),
  })
  queries = await queriesByEffect(service.keys)
})
afterAll(async () => {
  await service.stop()
  await receiver.stop()
})

async function lag(): Promise<string | undefined> {
  const { body } = await service.get('/metrics')
  return /^countersign_delivery_lag_entries\{[^}]*\} (\d+)$/mu.exec(String(body['text']))?.[1]
}

it('a decision arrives as an event of OPA, and the next ones after a restart', async () => {
  const first = await service.ask(queries.permit)
  await until(async () => (await lag()) === '0')
  expect(idsOf(receiver.taken)).toEqual([first.decision_id])
  service = await service.restart()
  const second = await service.ask(queries.deny)
  await until(async () => (await lag()) === '0')
  expect(idsOf(receiver.taken)).toEqual([first.decision_id, second.decision_id])
})

it('a receiver that fails shows in readiness and metrics, and no decision waits for it', async () => {
  receiver.answer = () => 500
  const { decision_id: id } = await service.ask(queries.hold)
  await until(async () => (await lag()) !== '0')
  const notice = (): Promise<boolean> =>
    service.get('/readyz').then(({ status, body }) => {
      expect(status).toBe(200)
      return /the delivery siem is \d+ entries behind the log: the receiver answered 500/u.test(
        JSON.stringify(body),
      )
    })
  await until(notice)
  receiver.answer = () => 200
  await until(async () => (await lag()) === '0')
  expect(idsOf(receiver.taken).at(-1)).toBe(id)
  expect(await notice()).toBe(false)
})
