/** The deliveries of one tenant, opened: each follows the log by itself. */
import { cursorFile } from './adapter/delivery/cursor-file.ts'
import { Delivery, type DeliveryNotice } from './adapter/delivery/delivery.ts'
import { opaSink } from './adapter/delivery/opa-sink.ts'
import type { DeliveryConfig, DeliveryState } from './contract/delivery.ts'
import type { AuditLog } from './port/audit-log.ts'

export type OpenDeliveries = {
  readonly states: () => readonly DeliveryState[]
  readonly notices: () => readonly string[]
  readonly close: () => Promise<void>
}

export type DeliveriesWiring = {
  readonly audit: Pick<AuditLog, 'entries' | 'size'>
  /** Where they keep their places. */
  readonly directory: string
  readonly told: (notice: DeliveryNotice) => void
}

export function openDeliveries(
  configured: readonly DeliveryConfig[],
  { audit, directory, told }: DeliveriesWiring,
): OpenDeliveries {
  const opened = configured.map(
    (config) =>
      new Delivery(config.name, {
        ...{ audit, sink: opaSink(config), cursor: cursorFile(directory, config.name) },
        ...{ random: Math.random, told },
      }),
  )
  for (const delivery of opened) delivery.start()
  return {
    states: () => opened.map((delivery) => delivery.state()),
    notices: () => opened.flatMap((delivery) => delivery.notices()),
    close: async () => {
      await Promise.all(opened.map((delivery) => delivery.close()))
    },
  }
}
