/** What is wrong with the TLS listener, and with the names by which its peers choose a tenant. */
import type { ConfigFile } from '../contract/config.ts'
import type { Fault } from '../contract/error-code.ts'

export function faultsOfTls({ tls, tenants }: ConfigFile): Fault[] {
  const names = tenants.flatMap(({ tls_names: own = [] }, t) =>
    own.map((name, i) => ({ name, pointer: `/tenants/${String(t)}/tls_names/${String(i)}` })),
  )
  return names.flatMap(({ name, pointer }, i) => [
    ...(names.findIndex((one) => one.name === name) < i
      ? [{ pointer, reason: `the name "${name}" stands twice; each must differ` }]
      : []),
    ...(tls === undefined
      ? [{ pointer, reason: 'nobody can call by this name: configure "tls", the listener' }]
      : []),
  ])
}
