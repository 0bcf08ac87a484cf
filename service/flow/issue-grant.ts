/**
 * Issues a purpose grant. Whether it may be is a decision like any other: judged by the policy of the day on the whole of
 * what is asked for, held for people where a rule wants that, logged before anything leaves.
 *
 * The leaf of the grant follows that of the decision. If we crash between the two there is a permit and no grant: whoever
 * asks again with the same `request_id` is answered from the record, and gets it. The token is signed after its leaf is
 * durable, and anew for whoever asks again: what it says is bound by the leaf.
 */
import { answeredEffect } from '../contract/observation.ts'
import type { AttestedPurpose } from '../contract/attested-purpose.ts'
import type { GrantAnswer, GrantIssue, GrantRequest } from '../contract/grant-request.ts'
import { PdpError } from '../contract/error-code.ts'
import type { PurposeGrant } from '../contract/purpose-grant.ts'
import type { Query } from '../contract/query.ts'
import type { Pep } from '../decision/facts.ts'
import { grantIssuerOf } from '../purpose/grant-issuer.ts'
import { claimsOf, requestedTerms } from '../purpose/granted.ts'
import type { GrantTerms } from '../purpose/narrow.ts'
import type { LoggedGrant } from '../purpose/grants.ts'
import { digestOf, pseudonymOf } from '../statement/digest.ts'
import { answerOf, type RecordedDecision } from './answer.ts'
import { decide } from './decide.ts'
import type { DisclosedDecision } from './draft-decision.ts'
import { grantViewOf } from './grant-view.ts'
import { signGrant } from './sign-grant.ts'
import type { Tenant } from './tenant.ts'

type IssuePorts = Tenant

/** The id by which the tenant itself is asked; a registered server of that id is not meant. */
const ourselves = 'countersign'

/** @throws PdpError as `decide`; `grant_over`, `too_many_grants`; then no grant was issued. */
export async function issueGrant(
  request: GrantRequest,
  pep: Pep,
  ports: IssuePorts,
): Promise<GrantAnswer> {
  const recorded = await decide(questionOf(request), pep, ports)
  const decision = answerOf(recorded)
  if (answeredEffect(recorded.leaf) !== 'permit') return { decision, grant: null, token: null }
  const grant =
    ports.audit.grants.ofDecision(recorded.leaf.jti) ??
    (await record(request, recorded, pep, ports))
  const claims = claimsOfGrant(request, grant, ports)
  if (digestOf('grant', claims) !== grant.claims)
    throw new PdpError('internal', 'The grant is not what was recorded.')
  return { decision, grant: grantViewOf(grant, ports), token: await signGrant(claims, ports) }
}

/** All that is asked for is the argument: the action digest binds it, and whoever is asked to approve sees it. */
function questionOf({ issuer, parent, request_id: id, ...terms }: GrantRequest): Query {
  return {
    phase: 'request',
    ...(issuer === undefined ? {} : { initiator: issuer }),
    server: { id: ourselves },
    capability: { kind: 'grant', name: terms.purpose.code, arguments: terms },
    ...(parent === undefined ? {} : { purpose: { grant: parent } }),
    data_scope: {
      classifications: terms.data.classifications,
      resources: terms.data.resources,
      residency: terms.data.residency,
    },
    protocol: { version: 'countersign', method: 'purpose-grants/issue' },
    ...(id === undefined ? {} : { request_id: id }),
  }
}

async function record(
  request: GrantRequest,
  { leaf, disclosed }: RecordedDecision,
  pep: Pep,
  ports: IssuePorts,
): Promise<LoggedGrant> {
  const { audit, clock, pseudonymKey, tenant } = ports
  const { input } = disclosed as DisclosedDecision
  // The log's own time may be past that at which it was asked; a child never outlives its parent.
  const terms = termsWithin(request, leaf.iat, input.attested.purpose)
  const { iss, sub } = request.initiator
  const subject = pseudonymOf(pseudonymKey, iss, sub)
  const parent = parentOf(input.attested.purpose)
  const id = leaf.jti.replace(/^dec_/u, 'pg_')
  const named = namesOf(id, parent?.grant_id ?? null, ports)
  const event: GrantIssue = {
    ...{ grant_id: id, decision_id: leaf.jti, subject },
    claims: digestOf('grant', claimsOf(terms, named)),
    purpose: { code: terms.code, ref: terms.ref },
    ...{ agent: terms.agent, capabilities: request.capabilities, data: request.data },
    ...(terms.sampling === null ? {} : { sampling: terms.sampling }),
    clarification: terms.clarification,
    ...{ budgets: terms.budgets, parent },
    ...{ not_before: terms.notBefore, expires_at: terms.expiresAt },
    by: { client_id: pep.id, issuer: pep.issuer, person: leaf.sub },
  }
  const requestKey = digestOf('request-key', ['grant', leaf.jti])
  const queryDigest = digestOf('content', event.claims)
  await audit.append(
    {
      typ: 'event+jwt',
      now: Math.floor(clock.now() / 1000),
      workflowId: leaf.workflow.id,
      claims: {
        ...{ kind: 'grant_issued', jti: id, tenant: tenant.id, event },
        ...{ request_key: requestKey, query_digest: queryDigest },
      },
      disclosure: { subject, value: { initiator: { iss, sub } } },
    },
    { requestKey, queryDigest },
  )
  const grant = audit.grants.find(id)
  if (grant === null) throw new PdpError('internal', 'The grant was recorded and does not stand.')
  return grant
}

function termsWithin(
  request: GrantRequest,
  from: number,
  parent: AttestedPurpose | null,
): GrantTerms {
  const terms = requestedTerms(request, from)
  return { ...terms, expiresAt: Math.min(terms.expiresAt, parent?.expires_at ?? Infinity) }
}

function parentOf(purpose: AttestedPurpose | null): GrantIssue['parent'] {
  return purpose === null ? null : { iss: purpose.iss, grant_id: purpose.grant_id }
}

function namesOf(
  jti: string,
  parent: string | null,
  { audit, tenant }: IssuePorts,
): Parameters<typeof claimsOf>[1] {
  return { iss: grantIssuerOf(audit.origin), aud: tenant.audience, jti, parent }
}

function claimsOfGrant(
  request: GrantRequest,
  { grant_id: id, parent, not_before: from, expires_at: expiresAt }: LoggedGrant,
  ports: IssuePorts,
): PurposeGrant {
  const named = namesOf(id, parent?.grant_id ?? null, ports)
  return claimsOf({ ...requestedTerms(request, from), expiresAt }, named)
}
