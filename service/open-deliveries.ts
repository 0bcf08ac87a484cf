/** The deliveries of one tenant, opened: each follows the log by itself. */
import { cursorFile } from './adapter/delivery/cursor-file.ts'
import { Delivery, type DeliveryNotice, type Sink } from './adapter/delivery/delivery.ts'
import { email } from './adapter/delivery/email.ts'
import { notifyingSink, type Notify } from './adapter/delivery/notifying-sink.ts'
import { opaSink } from './adapter/delivery/opa-sink.ts'
import type { Site } from './adapter/delivery/site.ts'
import { slack } from './adapter/delivery/slack.ts'
import { webhook } from './adapter/delivery/webhook.ts'
import type { DeliveryConfig, DeliveryState } from './contract/delivery.ts'
import { limits } from './contract/limits.ts'
import { appendApprovalEvent } from './flow/approval-event.ts'
import type { EventPorts } from './flow/record-event.ts'

export type OpenDeliveries = {
  readonly states: () => readonly DeliveryState[]
  readonly notices: () => readonly string[]
  readonly close: () => Promise<void>
}

export type DeliveriesWiring = {
  readonly events: EventPorts
  readonly publicUrl: string
  /** Where they keep their places. */
  readonly directory: string
  readonly told: (notice: DeliveryNotice) => void
}

export function openDeliveries(
  configured: readonly DeliveryConfig[],
  { events, publicUrl, directory, told }: DeliveriesWiring,
): OpenDeliveries {
  const { audit } = events
  const opened = configured.map(
    (config) =>
      new Delivery(config.name, {
        ...{ audit, sink: sinkOf(config, publicUrl, events) },
        cursor: cursorFile(directory, config.name),
        ...{ random: Math.random, told },
      }),
  )
  const tellsPeople = configured.some(({ kind }) => kind !== 'opa_decision_log')
  for (const delivery of opened) delivery.start()
  return {
    states: () => opened.map((delivery) => delivery.state()),
    notices: () => [
      ...opened.flatMap((delivery) => delivery.notices()),
      ...(tellsPeople ? untold(events) : []),
    ],
    close: async () => {
      await Promise.all(opened.map((delivery) => delivery.close()))
    },
  }
}

function sinkOf(config: DeliveryConfig, publicUrl: string, events: EventPorts): Sink {
  if (config.kind === 'opa_decision_log') return opaSink(config)
  const { audit, clock, tenant } = events
  const notify = notifierOf(config, { tenant, publicUrl, clock })
  return notifyingSink(config.name, config.kind, notify, {
    ...{ audit, clock },
    told: ({ approval }, { approval_id: _id, ...event }) =>
      appendApprovalEvent('notification', approval, event, { ...events, tenant: { id: tenant } }),
  })
}

function notifierOf(
  config: Exclude<DeliveryConfig, { readonly kind: 'opa_decision_log' }>,
  site: Site,
): Notify {
  switch (config.kind) {
    case 'webhook':
      return webhook(config, site)
    case 'slack':
      return slack(config, site)
    case 'email':
      return email(config, site)
  }
}

/** Requests that wait for an answer, and that no delivery has told anybody of for a while. */
function untold({ audit, clock }: EventPorts): string[] {
  const now = Math.floor(clock.now() / 1000)
  const count = audit.approvals
    .list()
    .filter(({ id }) => audit.approvals.isOpen(id, now))
    .filter(
      ({ told, requestedAt }) => told.length === 0 && requestedAt + limits.untoldSeconds < now,
    ).length
  return count === 0 ? [] : [`${String(count)} approvals are asked for that nobody was told of`]
}
