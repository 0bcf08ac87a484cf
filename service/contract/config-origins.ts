/** Origins in the configuration: of status lists, and who may sign those; and of documents of agents. */
import type { ConfigFile, Issuer, TenantConfig } from './config.ts'
import type { Fault } from './error-code.ts'

/** Origins of agents that are none. */
export function faultsOfAgentOrigins({ tenants }: ConfigFile): Fault[] {
  return tenants.flatMap(({ agent_documents: allowed }, t) =>
    allowed === undefined ? [] : faultsOfOrigins(allowed, `/tenants/${String(t)}/agent_documents`),
  )
}

function faultsOfOrigins(
  { origins, internal }: { readonly origins: readonly string[]; readonly internal?: boolean },
  at: string,
): Fault[] {
  const reason = 'write an origin: https://host, without a path'
  return origins.flatMap((origin, i) =>
    URL.parse(origin)?.origin === origin && (origin.startsWith('https://') || internal === true)
      ? []
      : [{ pointer: `${at}/origins/${String(i)}`, reason }],
  )
}

/** Origins that are none, and lists that nobody is trusted to sign. */
export function faultsOfStatuses(file: ConfigFile): Fault[] {
  return file.tenants.flatMap((tenant, t) =>
    statusSources(tenant).flatMap(([status, pointer, issuer]) => {
      const at = `/tenants/${String(t)}${pointer}`
      const signer = status.signed_by ?? issuer
      const isTrusted = tenant.issuers.some(
        (one) => one.issuer === signer && one.kinds.includes('status'),
      )
      const faults = faultsOfOrigins(status, at)
      return isTrusted
        ? faults
        : [
            ...faults,
            {
              pointer: at,
              reason: `add "status" to the kinds of "${signer}", whose keys sign its lists`,
            },
          ]
    }),
  )
}

/** Each issuer's `status`, where it stands, and the issuer. */
export function statusSources({
  issuers,
}: TenantConfig): (readonly [NonNullable<Issuer['status']>, string, string])[] {
  return issuers.flatMap(({ issuer, status }, i) =>
    status === undefined ? [] : [[status, `/issuers/${String(i)}/status`, issuer] as const],
  )
}
