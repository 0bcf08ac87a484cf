/** Deliveries whose name or address cannot be used. */
import type { ConfigFile } from './config.ts'
import type { DeliveryConfig } from './delivery.ts'
import type { Fault } from './error-code.ts'

export function faultsOfDeliveries({ tenants }: ConfigFile): Fault[] {
  return tenants.flatMap(({ deliveries = [] }, t) => {
    const names = deliveries.map(({ name }) => name)
    return deliveries.flatMap((delivery, i) => {
      const { name } = delivery
      const at = `/tenants/${String(t)}/deliveries/${String(i)}`
      return [
        ...(names.indexOf(name) === i
          ? []
          : [
              {
                pointer: `${at}/name`,
                reason: `the delivery "${name}" stands twice; each must differ`,
              },
            ]),
        ...faultsOfReach(delivery, at),
      ]
    })
  })
}

function faultsOfReach(delivery: DeliveryConfig, at: string): Fault[] {
  const isInternal = delivery.internal === true
  if (delivery.kind === 'email')
    return delivery.security !== 'none' || isInternal
      ? []
      : [
          {
            pointer: `${at}/security`,
            reason: 'write "tls" or "starttls" ("none" only with "internal": true)',
          },
        ]
  // The URL of Slack lies in a file, and is looked at when it is used.
  return delivery.kind === 'slack' || isAddress(delivery.url, isInternal)
    ? []
    : [
        {
          pointer: `${at}/url`,
          reason: 'write an https URL (http only with "internal": true)',
        },
      ]
}

function isAddress(text: string, isInternal: boolean): boolean {
  const protocol = URL.parse(text)?.protocol
  return protocol === 'https:' || (protocol === 'http:' && isInternal)
}
