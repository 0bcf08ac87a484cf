/** The corridor, asked for one caller and measured: every interface decides through here. */
import type { Query } from '../contract/query.ts'
import type { RecordedDecision } from '../flow/answer.ts'
import { decide } from '../flow/decide.ts'
import type { Claimed } from '../flow/claimed.ts'
import type { Caller } from './authenticate-pep.ts'
import type { Service } from './service.ts'

/** @throws PdpError as `decide`. */
export async function decideFor(
  { pep, tenant }: Caller,
  query: Query,
  service: Service,
  claimed: Claimed = {},
): Promise<RecordedDecision> {
  const began = performance.now()
  const recorded = await decide(query, pep, tenant, claimed)
  const { effect, observed, verdict_source: source, phase } = recorded.leaf
  service.observe.decided(effect, source, phase, (performance.now() - began) / 1000)
  if (observed !== undefined) {
    const entries = observed.by.map(({ id }) => id)
    service.observe.observed(tenant.tenant.id, effect, entries)
  }
  return recorded
}
