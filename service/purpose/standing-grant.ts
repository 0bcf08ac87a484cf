/**
 * Standing grants: a purpose that the registry binds to agents, projects or groups, for clients that send no grant.
 *
 * It is the tenant's own signed word, and whose it is comes from what was verified alone. A purpose that the client states
 * may choose among those that fit, and reach none beyond; where several are left, none counts.
 */
import type { AttestedPurpose } from '../contract/attested-purpose.ts'
import type { VerifiedInitiator } from '../contract/policy-input.ts'
import type { Registry, StandingGrant } from '../contract/registry.ts'

/** `iss` of an attested purpose that the registry itself gives. */
export const registryIssuer = 'urn:countersign:registry'

export type StandingFor = {
  readonly initiator: VerifiedInitiator
  /** Groups of the registry that the initiator is in. */
  readonly groups: readonly string[]
  /** Of the gateway. */
  readonly project: string
  /** What the client states; null for nothing. */
  readonly code: string | null
  readonly ref: string | null
  /** Seconds since the epoch. */
  readonly now: number
}

/** Null: none fits; `many`: the question must say which. */
export function standingGrant(
  { standing_grants: all = {}, parameters }: Registry,
  asked: StandingFor,
): AttestedPurpose | 'many' | null {
  const { iss, sub } = asked.initiator
  if (iss === null || sub === null) return null
  const endOf = ({ expires_at: end, review_by: review }: StandingGrant): number =>
    Math.min(end ?? Infinity, review + parameters.review_grace_seconds + 1)
  const [first, ...others] = Object.entries(all).filter(
    ([, grant]) => fits(grant, asked) && asked.now < endOf(grant),
  )
  if (first === undefined) return null
  if (others.length > 0) return 'many'
  const [id, grant] = first
  return attested(id, grant, { initiator: { iss, sub }, end: endOf(grant) })
}

/** Each kind that it names must name this one; one that names none is nobody's. */
function fits(
  { agents, projects, groups: named, purpose }: StandingGrant,
  { initiator, groups, project, code, ref }: StandingFor,
): boolean {
  const held = [...initiator.groups, ...groups]
  const binds = [
    agents?.includes(initiator.client_id ?? ''),
    projects?.includes(project),
    named?.some((group) => held.includes(group)),
  ].filter((one) => one !== undefined)
  const isOf = (stated: string | null, own: string | undefined): boolean =>
    stated === null || own === undefined || stated === own
  return (
    binds.length > 0 && binds.every(Boolean) && isOf(code, purpose.code) && isOf(ref, purpose.ref)
  )
}

function attested(
  id: string,
  grant: StandingGrant,
  { initiator, end }: { readonly initiator: AttestedPurpose['initiator']; readonly end: number },
): AttestedPurpose {
  const { purpose, capabilities, data, sampling, clarification } = grant
  // Members stand in the order of canonical JSON, as everywhere in the policy input.
  return {
    agent: null,
    bounds: {
      capabilities,
      clarification: clarification ?? false,
      classifications: data.classifications,
      directions: data.directions,
      residency: data.residency,
      resources: data.resources,
      sampling: sampling ?? null,
    },
    budgets: {},
    code: purpose.code,
    expires_at: end,
    grant_id: id,
    initiator,
    iss: registryIssuer,
    left: { calls: null, model_calls: null },
    not_before: 0,
    parent: null,
    ref: purpose.ref ?? null,
  }
}
