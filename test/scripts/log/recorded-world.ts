/** A tenant's data as a real service leaves it: a permit, a denial, a hold, and a question that a stop denied. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DecisionAnswer } from '../../../service/contract/decision.ts'
import { reachPublished } from '../../support/published-log.ts'
import { queriesByEffect, startDevelopmentService } from '../../support/development-service.ts'

export interface RecordedWorld {
  readonly home: string
  /** As it was left; never changed. */
  readonly tenant: string
  readonly permit: DecisionAnswer
  readonly deny: DecisionAnswer
  readonly hold: DecisionAnswer
  readonly stopped: DecisionAnswer
  /** A copy to be spoiled. */
  readonly copy: () => string
  readonly remove: () => void
}

export async function createRecordedWorld(): Promise<RecordedWorld> {
  const home = mkdtempSync(join(tmpdir(), 'countersign-recorded-'))
  const data = join(home, 'data')
  const service = await startDevelopmentService({ data })
  const queries = await queriesByEffect(service.keys)
  const permit = await service.ask(queries.permit)
  await service.post(`/v1/decisions/${permit.decision_id}/outcome`, { status: 'executed' })
  const deny = await service.ask(queries.deny)
  const hold = await service.ask(queries.hold)
  await service.post('/v1/stops', { scope: { kind: 'server', server: 'ops' }, reason: 'a drill' })
  const stopped = await service.ask(queries.permit)
  await reachPublished(join(data, 'tenants/dev'))
  const tenant = join(home, 'tenant')
  cpSync(join(data, 'tenants/dev'), tenant, { recursive: true })
  await service.stop()
  let copies = 0
  return {
    ...{ home, tenant, permit, deny, hold, stopped },
    copy: () => {
      copies += 1
      const place = join(home, `copy-${String(copies)}`)
      cpSync(tenant, place, { recursive: true })
      return place
    },
    remove: () => {
      rmSync(home, { recursive: true, force: true })
    },
  }
}
