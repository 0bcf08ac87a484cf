/** Prometheus metrics of each delivery: what it has behind it, what it has before it, and whether it fails. */
import { Gauge, type Registry } from 'prom-client'
import type { DeliveryState } from '../contract/delivery.ts'

/** The deliveries of one tenant. */
export type Deliveries = {
  readonly tenant: string
  readonly deliveries: readonly DeliveryState[]
}

const gauges = [
  ['delivered_entries', 'Entries of the log that it has delivered or has no use for', 'delivered'],
  ['lag_entries', 'Entries of the log that it has yet to see', 'lag'],
  ['failures', 'Failures in a row; 0 while it delivers', 'failures'],
] as const

export function gaugeDeliveries(registry: Registry, all: () => readonly Deliveries[]): void {
  for (const [name, help, member] of gauges) {
    new Gauge({
      name: `countersign_delivery_${name}`,
      help,
      labelNames: ['tenant', 'delivery'],
      registers: [registry],
      collect(): void {
        for (const { tenant, deliveries } of all())
          for (const state of deliveries) this.set({ tenant, delivery: state.name }, state[member])
      },
    })
  }
}
