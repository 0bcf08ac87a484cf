/** Purpose grants of a tenant, the last issued first, a page at a time. */
import type { GrantList, GrantView } from '../contract/grant-request.ts'
import { limits } from '../contract/limits.ts'
import type { LoggedGrant } from '../purpose/grants.ts'
import { grantViewOf, type GrantPorts } from './grant-view.ts'

export type AskedGrants = {
  /** The code of a purpose; null for all. */
  readonly purpose: string | null
  readonly status: string | null
  /** `next` of the page before; null for the first. */
  readonly after: string | null
  readonly maySee: (grant: LoggedGrant) => boolean
}

export function listGrants(asked: AskedGrants, ports: GrantPorts): Omit<GrantList, 'tenant'> {
  const found: GrantList['grants'] = []
  for (const grant of from(ports.audit.grants.list(), asked.after)) {
    const view = matching(grant, asked, ports)
    if (view === null) continue
    if (found.length === limits.listedGrants)
      return { grants: found, next: found.at(-1)?.id ?? null }
    found.push(view)
  }
  return { grants: found, next: null }
}

/** One that was forgotten meanwhile begins no page. */
function from(all: readonly LoggedGrant[], after: string | null): readonly LoggedGrant[] {
  if (after === null) return all
  const place = all.findIndex((grant) => grant.grant_id === after)
  return place === -1 ? [] : all.slice(place + 1)
}

function matching(
  grant: LoggedGrant,
  { purpose, status, maySee }: AskedGrants,
  ports: GrantPorts,
): GrantView | null {
  if (!maySee(grant) || (purpose !== null && grant.purpose.code !== purpose)) return null
  const view = grantViewOf(grant, ports)
  return status === null || view.status === status ? view : null
}
