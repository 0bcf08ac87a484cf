/** Deliveries whose name or address cannot be used. */
import type { ConfigFile } from './config.ts'
import type { Fault } from './error-code.ts'

export function faultsOfDeliveries({ tenants }: ConfigFile): Fault[] {
  return tenants.flatMap(({ deliveries = [] }, t) => {
    const names = deliveries.map(({ name }) => name)
    return deliveries.flatMap(({ name, url, internal }, i) => {
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
        ...(isAddress(url, internal === true)
          ? []
          : [
              {
                pointer: `${at}/url`,
                reason: 'write an https URL (http only with "internal": true)',
              },
            ]),
      ]
    })
  })
}

function isAddress(text: string, isInternal: boolean): boolean {
  const protocol = URL.parse(text)?.protocol
  return protocol === 'https:' || (protocol === 'http:' && isInternal)
}
