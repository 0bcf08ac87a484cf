/** Prometheus metrics of approvals that wait: how many each group has before it, and for how long the oldest has waited. */
import { Gauge, type Registry } from 'prom-client'

/** What waits for the people of one group. */
export type WaitingApprovals = {
  readonly tenant: string
  readonly group: string
  readonly count: number
  /** Seconds since the oldest was asked for. */
  readonly oldest: number
}

const gauges = [
  ['waiting', 'Approvals that are neither answered nor over', 'count'],
  ['oldest_waiting_seconds', 'Seconds since the oldest of them was asked for', 'oldest'],
] as const

export function gaugeApprovals(registry: Registry, all: () => readonly WaitingApprovals[]): void {
  for (const [name, help, member] of gauges) {
    new Gauge({
      name: `countersign_approvals_${name}`,
      help,
      labelNames: ['tenant', 'group'],
      registers: [registry],
      collect(): void {
        // A group whose last one was answered waits for nothing.
        this.reset()
        for (const waiting of all()) {
          const { tenant, group } = waiting
          this.set({ tenant, group }, waiting[member])
        }
      },
    })
  }
}
