/** How a grant is shown: what it gives, how it stands now, and what ended it. */
import type { GrantView } from '../contract/grant-request.ts'
import type { LoggedGrant } from '../purpose/grants.ts'
import type { DecidePorts } from './tenant.ts'

export type GrantPorts = Pick<DecidePorts, 'audit' | 'clock'>

export function grantViewOf(grant: LoggedGrant, { audit, clock }: GrantPorts): GrantView {
  const { grants } = audit
  const end = grants.endOf(grant.grant_id)
  const revoked = end === null || end === 'forgotten' ? null : end
  const isOver = end === 'forgotten' || grant.expires_at <= Math.floor(clock.now() / 1000)
  const { sampling, clarification } = grant
  return {
    id: grant.grant_id,
    status: revoked === null ? (isOver ? 'expired' : 'active') : 'revoked',
    ...{ purpose: grant.purpose, subject: grant.subject, agent: grant.agent },
    ...{ capabilities: grant.capabilities, data: grant.data },
    ...(sampling === undefined ? {} : { sampling }),
    ...(clarification === undefined ? {} : { clarification }),
    ...{ budgets: grant.budgets, left: grants.leftOf(grant.grant_id) },
    ...{ parent: grant.parent?.grant_id ?? null, decision_id: grant.decision_id, by: grant.by },
    issued_at: instant(grant.issuedAt),
    expires_at: instant(grant.expires_at),
    revoked:
      revoked === null
        ? null
        : { grant_id: revoked.grant_id, by: revoked.by, reason: revoked.reason },
  }
}

function instant(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
