/**
 * The purpose grant of a query. Whoever issued it, its signature is verified; of one that this log issued it is known too
 * what it said, whether it or what it was narrowed from was revoked, and what is left of its budgets.
 */
import type { AttestedPurpose } from '../contract/attested-purpose.ts'
import type { Evidence } from '../identity/evidence.ts'
import { refuse } from '../identity/reading.ts'
import { grantIssuerOf } from '../purpose/grant-issuer.ts'
import type { DecidePorts } from './tenant.ts'

/** Null: the query has none. @param now seconds since the epoch */
export async function proveGrant(
  grant: string | undefined,
  now: number,
  ports: DecidePorts,
): Promise<Evidence<AttestedPurpose> | null> {
  if (grant === undefined) return null
  const { verify, tenant, audit } = ports
  const verified = await verify('purpose_grant', tenant.id, grant, {
    now,
    audience: tenant.audience,
  })
  if (!verified.ok) return verified
  const facts =
    verified.facts.iss === grantIssuerOf(audit.origin)
      ? asLogged(verified.facts, ports)
      : ofAnother(verified.facts)
  if (typeof facts === 'string') return refuse(facts)
  return { ok: true, facts, digests: [verified.digest], replayKeys: [] }
}

/** Nobody here counts how often it was used elsewhere: what it says of that cannot be kept. */
function ofAnother(facts: AttestedPurpose): AttestedPurpose | 'bad_claim' {
  return Object.keys(facts.budgets).length === 0 ? facts : 'bad_claim'
}

function asLogged(
  facts: AttestedPurpose,
  { audit: { grants } }: DecidePorts,
): AttestedPurpose | 'revoked' | 'status_unavailable' {
  const { grant_id: id } = facts
  if (grants.find(id) === null) return 'status_unavailable'
  const end = grants.endOf(id)
  if (end !== null) return end === 'forgotten' ? 'status_unavailable' : 'revoked'
  return { ...facts, left: grants.leftOf(id) }
}
