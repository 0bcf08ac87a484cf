/** The tenant that a credential is for: its audience says it, or the name that a connection was opened for. */
import type { IncomingMessage } from 'node:http'
import type { Tenant } from '../flow/tenant.ts'
import { peekAudiences } from '../identity/peek.ts'
import { serverNameOf } from './peer-certificates.ts'
import type { Service } from './service.ts'

/** @param compact a token or proof, not yet verified; null when it names no tenant, or two. */
export function tenantByAudience(compact: string, { tenants }: Service): Tenant | null {
  return only(
    peekAudiences(compact)
      .map((audience) => tenants.get(audience))
      .filter((tenant) => tenant !== undefined),
  )
}

/** Null when the name is that of no tenant, or of two. */
export function tenantByName(request: IncomingMessage, { tenants }: Service): Tenant | null {
  const name = serverNameOf(request) ?? ''
  return only([...tenants.values()].filter(({ tlsNames }) => tlsNames.includes(name)))
}

function only([tenant, ...more]: readonly Tenant[]): Tenant | null {
  return more.length > 0 ? null : (tenant ?? null)
}
