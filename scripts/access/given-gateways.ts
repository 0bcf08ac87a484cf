// The gateways of the configuration of the service, which are in no registry.

import { loadConfig } from '../../service/config.ts'
import type { PepRegistration } from '../../service/contract/pep-registration.ts'
import { type Call, usage } from '../command/command.ts'
import { optionalText } from '../policy/arguments.ts'

export const gatewayOptions = { config: { type: 'string' }, tenant: { type: 'string' } } as const

/** Null when no configuration is named: then nothing is known of gateways. @throws PdpError `usage`, `config_invalid`. */
export function givenGateways(call: Call): readonly PepRegistration[] | null {
  const file = optionalText(call, 'config')
  const id = optionalText(call, 'tenant')
  if (file === undefined) {
    if (id === undefined) return null
    throw usage('--tenant needs --config <file>: gateways are in the configuration of the service.')
  }
  const { tenants } = loadConfig(file)
  const [first, ...others] = id === undefined ? tenants : tenants.filter((one) => one.id === id)
  if (first !== undefined && others.length === 0) return first.peps
  const known = tenants.map((tenant) => tenant.id).join(', ')
  throw usage(`${file} has the tenants ${known}: name one of them with --tenant.`)
}
