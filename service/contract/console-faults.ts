/** Consoles in the configuration: whether people can sign in there, and be told from those who ask. */
import type { ConfigFile } from './config.ts'
import type { Fault } from './error-code.ts'

/** Consoles that nobody could sign in to, or by people who could not be told from those who ask. */
export function faultsOfConsoles({ tenants }: ConfigFile): Fault[] {
  return tenants.flatMap(({ console, issuers }, t) => {
    if (console === undefined) return []
    const at = `/tenants/${String(t)}/console/sign_in`
    if (console.sign_in === undefined)
      return [{ pointer: at, reason: 'write where people sign in: an issuer and a client_id' }]
    const { issuer, internal } = console.sign_in
    const isKnown = issuers.some((one) => one.issuer === issuer && one.kinds.includes('initiator'))
    const url = URL.parse(issuer)
    const isFine = url?.protocol === 'https:' || (url?.protocol === 'http:' && internal === true)
    return [
      ...(isFine
        ? []
        : [
            {
              pointer: `${at}/issuer`,
              reason: 'write an https URL (http only with "internal": true)',
            },
          ]),
      ...(isKnown
        ? []
        : [
            {
              pointer: `${at}/issuer`,
              reason: `name it under issuers with the kind "initiator": whoever asks and whoever approves are told apart by it`,
            },
          ]),
    ]
  })
}
