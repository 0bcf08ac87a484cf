/**
 * Gathers what is known of one query: all reads happen here, once.
 *
 * Total: evidence that is broken, or contradicts what the caller says, is a gap with its own reason;
 * evidence that is missing is a fact of grade `none`, and policy says what that costs.
 */
import type { AttestedPurpose, VerifiedInitiator } from '../contract/policy-input.ts'
import type { Query } from '../contract/query.ts'
import type { EvidenceFailure, EvidenceSlot, Gap } from '../contract/reason-code.ts'
import { noInitiator, noServer, type Facts, type Pep } from '../decision/facts.ts'
import { emptyRegistry, indexOf, serverOf } from '../decision/registry-index.ts'
import type { PolicyEngine } from '../port/policy-engine.ts'
import type { DecidePorts } from './tenant.ts'

/** What a facade's own members say of the question; what they contradict denies. */
export type Claimed = {
  readonly subject?: string
  readonly action?: string
  readonly resource?: { readonly type: string; readonly id: string }
}

/** What a verification gave; null when the query has no token in that slot. */
type Taken<T> =
  | { readonly ok: true; readonly facts: T; readonly digest: string }
  | { readonly ok: false; readonly failure: EvidenceFailure }
  | null

/** An access token is for one MCP server: without a registered one there is no audience to hold it to. */
const unknownServer = { ok: false, failure: 'server_unknown' } as const

export async function gatherFacts(
  query: Query,
  pep: Pep,
  ports: DecidePorts,
  engine: PolicyEngine | null,
  claimed: Claimed,
): Promise<Facts> {
  const milliseconds = ports.clock.now()
  const index = indexOf(engine?.registry ?? emptyRegistry)
  const gaps: Gap[] = []
  const evidence: string[] = []
  const now = Math.floor(milliseconds / 1000)
  const { verify, tenant } = ports
  const take = <T>(slot: EvidenceSlot, verification: Taken<T>, none: T): T => {
    if (verification === null) return none
    if (verification.ok) {
      evidence.push(verification.digest)
      return verification.facts
    }
    gaps.push(gap(slot, verification.failure))
    return none
  }
  const tokens = tokensOf(query)
  const resource = serverOf(index, query.server.id)?.resource
  const [access, svid, grant] = await Promise.all([
    tokens.initiator === undefined
      ? null
      : resource === undefined
        ? unknownServer
        : verify('access_token', tenant.id, tokens.initiator, {
            now,
            audience: resource,
            pep: { issuer: pep.issuer, clientId: pep.id },
            issuers: tenant.initiatorIssuers,
          }),
    tokens.server === undefined
      ? null
      : verify('jwt_svid', tenant.id, tokens.server, { now, audience: tenant.audience }),
    tokens.grant === undefined
      ? null
      : verify('purpose_grant', tenant.id, tokens.grant, { now, audience: tenant.audience }),
  ])
  const initiator = take('initiator', access, noInitiator)
  const server = take('server', svid, noServer)
  const purpose = take<AttestedPurpose | null>('grant', grant, null)
  gaps.push(...contradictions(query, initiator, purpose, claimed))
  gaps.push(...staleness(engine, ports, milliseconds))
  return {
    now: milliseconds,
    decisionId: `dec_${ports.clock.uuid()}`,
    workflowId: query.workflow?.id ?? `wf_${ports.clock.uuid()}`,
    pep,
    policy: engine?.policy ?? null,
    index,
    initiator,
    server,
    purpose,
    evidence,
    gaps,
  }
}

/** A policy whose sources have long been silent may have been revoked there. */
function staleness(engine: PolicyEngine | null, ports: DecidePorts, now: number): Gap[] {
  return engine !== null && ports.isStale(now) ? [{ code: 'policy.stale', params: {} }] : []
}

function gap(slot: EvidenceSlot, failure: EvidenceFailure): Gap {
  return { code: `${slot}.${failure}`, params: {} }
}

/** The tokens of a query, by slot. */
function tokensOf(query: Query): Readonly<Record<EvidenceSlot, string | undefined>> {
  return {
    initiator: query.initiator?.access_token,
    server: query.server.proof?.jwt_svid,
    grant: query.purpose?.grant,
  }
}

/** Two statements of one thing must agree; we do not choose between them. */
function contradictions(
  query: Query,
  initiator: VerifiedInitiator,
  purpose: AttestedPurpose | null,
  claimed: Claimed,
): Gap[] {
  const gaps: Gap[] = []
  if (purpose !== null && !agreesWith(query.purpose, purpose))
    gaps.push(gap('grant', 'claim_mismatch'))
  if (!isSameQuestion(claimed, query, initiator)) gaps.push(gap('initiator', 'claim_mismatch'))
  return gaps
}

function agreesWith(asserted: Query['purpose'], purpose: AttestedPurpose): boolean {
  const { code = purpose.code, ref = purpose.ref } = asserted ?? {}
  return code === purpose.code && ref === purpose.ref
}

function isSameQuestion(claimed: Claimed, query: Query, initiator: VerifiedInitiator): boolean {
  const { subject = initiator.sub, action = query.protocol.method, resource } = claimed
  return (
    subject === initiator.sub &&
    action === query.protocol.method &&
    (resource === undefined || resource.id === identifierOf(query, resource.type))
  )
}

/** What a resource of that type is called (AuthZEN's COAZ-MCP binding); undefined for any other type. */
function identifierOf({ capability, server }: Query, type: string): string | undefined {
  const { kind, name, uri } = capability
  if (type === 'mcp_server')
    return kind === 'tool' || kind === 'prompt' || kind === 'resource' ? undefined : server.id
  if (type !== kind) return undefined
  return kind === 'resource' ? uri : (name ?? server.id)
}
