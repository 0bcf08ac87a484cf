/** Whether tokens that name a place in a status list still count. */
import type { StatusListState } from '../contract/trust-state.ts'
import type { ListedStatus } from '../identity/status-list.ts'

export type StatusQuery = {
  readonly tenant: string
  /** Of the token whose status is asked; its entry of the configuration says where lists may lie. */
  readonly issuer: string
  readonly uri: string
  readonly index: number
}

/**
 * Total. At once while a list is at hand that is fresh; else it is fetched, bounded in time and size, and only from
 * where the configuration allows. What cannot be had, verified or found in the list is `status_unavailable`.
 */
export interface StatusLists {
  statusOf(
    query: StatusQuery,
  ): ListedStatus | 'status_unavailable' | Promise<ListedStatus | 'status_unavailable'>
  /** Each list of the tenant that a token has named, for an operator; none that was long ago. */
  state(tenant: string): readonly StatusListState[]
}
