/** How fresh the status lists of each tenant are: read when metrics are read, and what an alarm is set on. */
import { Gauge, type Registry } from 'prom-client'
import type { StatusListState, TrustState } from '../contract/trust-state.ts'

export function gaugeStatusLists(registry: Registry, trust: () => readonly TrustState[]): void {
  const gauge = (
    name: string,
    help: string,
    valueOf: (list: StatusListState) => number | null,
  ): void => {
    new Gauge({
      name: `countersign_status_list_${name}`,
      help,
      labelNames: ['tenant', 'issuer', 'uri'],
      registers: [registry],
      collect(): void {
        // A list that no token has named for long is forgotten, here too.
        this.reset()
        for (const { tenant, status_lists: lists } of trust())
          for (const list of lists) {
            const value = valueOf(list)
            if (value !== null) this.set({ tenant, issuer: list.issuer, uri: list.uri }, value)
          }
      },
    })
  }
  gauge(
    'usable',
    '0 when tokens that name the list are denied because it is not to be had',
    ({ usable }) => (usable ? 1 : 0),
  )
  gauge(
    'failures',
    'Fetches of the list that failed since one last succeeded',
    ({ failures }) => failures,
  )
  gauge(
    'usable_until_seconds',
    'When the list stops counting if it is not fetched again, in seconds since the epoch',
    ({ usable_until: until }) => (until === null ? null : Date.parse(until) / 1000),
  )
}
