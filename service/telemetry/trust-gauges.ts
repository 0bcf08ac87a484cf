/** How fresh the keys of each tenant are: read when metrics are read, and what an alarm is set on. */
import { Gauge, type Registry } from 'prom-client'
import type { KeySetState, TrustState } from '../contract/trust-state.ts'

export function gaugeTrust(registry: Registry, trust: () => readonly TrustState[]): void {
  const gauge = (
    name: string,
    help: string,
    valueOf: (set: KeySetState) => number | null,
  ): void => {
    new Gauge({
      name: `countersign_key_set_${name}`,
      help,
      labelNames: ['tenant', 'issuer', 'kinds'],
      registers: [registry],
      collect(): void {
        for (const { tenant, key_sets: sets } of trust())
          for (const set of sets) {
            const value = valueOf(set)
            if (value !== null)
              this.set({ tenant, issuer: set.issuer, kinds: set.kinds.join(' ') }, value)
          }
      },
    })
  }
  gauge(
    'usable',
    '0 when tokens of the issuer are denied because its keys are not to be had',
    (set) => (set.usable ? 1 : 0),
  )
  gauge(
    'failures',
    'Fetches of the key set that failed since one last succeeded',
    (set) => set.failures,
  )
  gauge('fetched_seconds', 'When the key set was last fetched, in seconds since the epoch', (set) =>
    secondsOf(set.fetched_at),
  )
  gauge(
    'usable_until_seconds',
    'When the key set stops counting if it is not fetched again, in seconds since the epoch',
    (set) => secondsOf(set.usable_until),
  )
}

function secondsOf(instant: string | null): number | null {
  return instant === null ? null : Date.parse(instant) / 1000
}
