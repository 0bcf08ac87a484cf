/** What an operator is told of deliveries: a line for each change, none for what stays the same. */
import type { Logger } from 'winston'

type Notice = {
  readonly event: 'failed' | 'delivers_again'
  readonly delivery: string
}

export function tellDelivery(log: Logger, tenant: string): (notice: Notice) => void {
  return (notice) => {
    if (notice.event === 'failed') log.warn('a delivery fails', { tenant, ...notice })
    else log.info('a delivery goes on', { tenant, ...notice })
  }
}
