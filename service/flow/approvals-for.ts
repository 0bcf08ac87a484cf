/** What people said of the action that is asked for, as policy is told: only votes that still count. */
import {
  consents,
  leastAssurance,
  statusOf,
  workloadsIn,
  type Standing,
} from '../approval/approval-status.ts'
import type { Approval } from '../approval/approval.ts'
import { peopleOf } from '../approval/people.ts'
import { stillStands } from '../approval/refuse-vote.ts'
import type { AttestedApproval } from '../contract/approval.ts'
import type { Query } from '../contract/query.ts'
import type { Facts } from '../decision/facts.ts'
import type { RegistryIndex } from '../decision/registry-index.ts'
import { pseudonymOf } from '../statement/digest.ts'
import type { DecidePorts } from './tenant.ts'

type Ports = Pick<DecidePorts, 'audit' | 'pseudonymKey'>

/**
 * By the digest of the action or round alone: no id that a peer sends finds one. What was answered once is answered
 * so again, for whoever judges the same question later.
 */
export function approvalsFor(
  { now, index, initiator }: Pick<Facts, 'now' | 'index' | 'initiator'>,
  ports: Ports,
): (key: string) => AttestedApproval | null {
  const seen = new Map<string, AttestedApproval | null>()
  const found = (key: string): AttestedApproval | null =>
    attested(
      ports.audit.approvals.forKey(key),
      Math.floor(now / 1000),
      standsBy(index, initiator.client_id, ports),
    )
  return (key) => {
    const before = seen.get(key)
    if (before !== undefined) return before
    const approval = found(key)
    seen.set(key, approval)
    return approval
  }
}

/** What people refused of the like. A denial stands, whoever its voter has become since. */
export function refusalsFor(
  query: Pick<Query, 'server'>,
  { initiator, purpose }: Pick<Facts, 'initiator' | 'purpose'>,
  { audit, pseudonymKey }: Ports,
): Facts['refusalFor'] {
  const { iss, sub } = initiator
  const subject = iss === null || sub === null ? null : pseudonymOf(pseudonymKey, iss, sub)
  return (capability) =>
    audit.approvals.refusalOf({
      ...{ subject, server: query.server.id, capability, purpose: purpose?.code ?? null },
    })
}

function attested(
  approval: Approval | null,
  now: number,
  standing: Standing,
): AttestedApproval | null {
  if (approval === null || approval.expiresAt <= now) return null
  const status = statusOf(approval, now, standing)
  // Used or taken back it is not there; a refusal is, for as long as the question could have been answered.
  if (status !== 'pending' && status !== 'approved' && status !== 'denied') return null
  const { id, demand, expiresAt: expires_at, taint } = approval
  const { group, quorum } = demand
  const counted = consents(approval, standing)
  const votes = counted.map((vote) => vote.id)
  const assurance = leastAssurance(counted)
  const workloads = [...new Set(workloadsIn(counted))].sort()
  const stands = { status, taint: [...taint], votes, workloads }
  return { assurance, demand, expires_at, group, id, quorum, ...stands }
}

/** Which votes still count, and as whose, by the registry that decides now and by what has been revoked since. */
export function standsBy(
  { registry }: RegistryIndex,
  agent: string | null,
  { audit, pseudonymKey }: Ports,
): Standing {
  const people = peopleOf(registry, pseudonymKey)
  return {
    personOf: people.personOf,
    stands: (approval, vote) =>
      stillStands(vote, approval, agent, people) &&
      !audit.stops.isRevoked(vote.voter, vote.at) &&
      !audit.stops.isPersonStopped(vote.voter),
  }
}
