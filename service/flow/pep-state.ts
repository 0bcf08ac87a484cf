/** The gateways of a tenant: registered how, last seen when, and whether one is revoked. */
import { usualProof, type PepRegistration } from '../contract/pep-registration.ts'
import type { PepList, PepState } from '../contract/pep-state.ts'
import { usualScopes } from '../contract/scope.ts'
import type { Tenant } from './tenant.ts'

export function pepListOf({ tenant, peps, lastSeen, audit }: Tenant): PepList {
  const stops = audit.stops.standing()
  const revokedBy = ({ client_id: id }: PepRegistration): string | null =>
    stops.find(({ scope }) => scope.kind === 'pep' && scope.client_id === id)?.id ?? null
  return {
    tenant: tenant.id,
    peps: peps.map((pep) => {
      const at = lastSeen.of(pep.client_id)
      return {
        ...pepStateOf(pep),
        last_seen: at === null ? null : Math.floor(at / 1000),
        revoked_by: revokedBy(pep),
      }
    }),
  }
}

/** As its registration says, with what is meant where it says nothing. */
export function pepStateOf(pep: PepRegistration): Omit<PepState, 'last_seen' | 'revoked_by'> {
  const { client_id, issuer, project, environment, servers, owner, review_by } = pep
  const { proof = usualProof, scopes = usualScopes } = pep
  return {
    ...{ client_id, issuer, proof: wayOf(proof), scopes: [...scopes] },
    ...{ project, environment, servers, owner, review_by },
  }
}

function wayOf(proof: NonNullable<PepRegistration['proof']>): PepState['proof'] {
  if ('wit' in proof) return 'wit'
  return 'dpop' in proof ? 'dpop' : 'bearer'
}
