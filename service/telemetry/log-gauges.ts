/** Prometheus metrics of each log: how far it has come, how far it is published, and how long ago. */
import { Gauge, type Registry } from 'prom-client'
import type { LogState } from '../contract/log-state.ts'

const gauges = [
  ['entries', 'Entries of the log that are durable', (state) => state.entries],
  [
    'published_entries',
    'Entries that the last published checkpoint covers',
    (state) => state.published,
  ],
  [
    'unpublished_entries',
    'Entries that are durable and not yet under a published checkpoint',
    (state) => state.unpublished,
  ],
  [
    'checkpoint_age_seconds',
    'Seconds since a checkpoint was published; it grows while nothing new is logged',
    (state) => state.checkpoint_age_seconds,
  ],
  [
    'witnessed_entries',
    'Entries that the newest checkpoint covers that had the quorum of its witnesses',
    ({ witnesses }) => witnesses?.witnessed ?? null,
  ],
  [
    'quorum_missing_seconds',
    'Seconds for which the newest checkpoint has lacked the quorum of its witnesses',
    ({ witnesses }) => witnesses?.quorum_missing_seconds ?? null,
  ],
  [
    'witness_disputes',
    'Witnesses that have cosigned more entries of this log than there are, or others',
    ({ witnesses }) => witnesses?.each.filter(({ dispute }) => dispute !== null).length ?? null,
  ],
] as const satisfies readonly (readonly [string, string, (state: LogState) => number | null])[]

export function gaugeLogs(registry: Registry, logs: () => readonly LogState[]): void {
  for (const [name, help, valueOf] of gauges) {
    new Gauge({
      name: `countersign_log_${name}`,
      help,
      labelNames: ['tenant'],
      registers: [registry],
      collect(): void {
        for (const state of logs()) {
          const value = valueOf(state)
          if (value !== null) this.set({ tenant: state.tenant }, value)
        }
      },
    })
  }
}
