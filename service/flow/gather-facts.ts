/**
 * Gathers what is known of one query: all reads happen here, once.
 *
 * Total: evidence that is broken, or contradicts what the caller says, is a gap with its own reason;
 * evidence that is missing is a fact of grade `none`, and policy says what that costs.
 */
import type { AttestedPurpose } from '../contract/attested-purpose.ts'
import type { VerifiedInitiator, VerifiedServer } from '../contract/policy-input.ts'
import type { Quoted } from '../audit/sessions.ts'
import type { Query } from '../contract/query.ts'
import type { EvidenceFailure, EvidenceSlot, Gap } from '../contract/reason-code.ts'
import { noInitiator, noServer, type Facts, type Pep } from '../decision/facts.ts'
import { observationsFor } from '../decision/observe.ts'
import { emptyRegistry, indexOf, serverOf, type RegistryIndex } from '../decision/registry-index.ts'
import { workloadSlice } from '../decision/workload-slice.ts'
import type { PolicyEngine } from '../port/policy-engine.ts'
import type { ReplayKey } from '../contract/replay-key.ts'
import type { Evidence } from '../identity/evidence.ts'
import { requestDigestOf } from '../decision/request-digest.ts'
import { digestOfText, pseudonymOf } from '../statement/digest.ts'
import { attestedTerms } from '../purpose/granted.ts'
import { standingGrant } from '../purpose/standing-grant.ts'
import { longestChain } from '../purpose/grants.ts'
import { widerThan } from '../purpose/narrow.ts'
import { askedTerms } from '../decision/asked-terms.ts'
import { approvalsFor, refusalsFor } from './approvals-for.ts'
import type { Claimed } from './claimed.ts'
import { stopsMet } from './meet-stops.ts'
import { isNonceOf } from './nonce.ts'
import { askerOf, type Asked } from './proof-ports.ts'
import { proveInitiator } from './prove-initiator.ts'
import { proveGrant } from './prove-grant.ts'
import { proveServer } from './prove-server.ts'
import type { DecidePorts } from './tenant.ts'
import { workflowFor } from './workflow-for.ts'

export async function gatherFacts(
  query: Query,
  pep: Pep,
  ports: DecidePorts,
  engine: PolicyEngine | null,
  claimed: Claimed,
): Promise<Facts> {
  const milliseconds = ports.clock.now()
  const { stops } = ports.audit
  const stopEpoch = stops.epoch
  const index = indexOf(engine?.registry ?? emptyRegistry)
  const gaps: Gap[] = []
  const evidence: string[] = []
  const replayKeys: ReplayKey[] = []
  const now = Math.floor(milliseconds / 1000)
  const asked: Asked = {
    now,
    pep: askerOf(pep),
    ...registeredAs(query, index, ports),
    accessToken: query.initiator?.access_token ?? null,
    isRequest: (digest) => digest === requestDigestOf(query, ports.tenant.audience),
    isRevoked: (iss, sub, issuedAt) =>
      stops.hasRevocations && stops.isRevoked(pseudonymOf(ports.pseudonymKey, iss, sub), issuedAt),
    session: (handle) => ports.audit.sessions.find(quotedOf(handle, query, pep), now),
    isNonce: (nonce) => isNonceOf(nonce, pep, now, ports.pseudonymKey),
  }
  const take = <T>(slot: EvidenceSlot, proved: Evidence<T> | null, none: T): T => {
    if (proved === null) return none
    if (!proved.ok) {
      gaps.push(gap(slot, proved.failure))
      return none
    }
    evidence.push(...proved.digests)
    replayKeys.push(...proved.replayKeys)
    return proved.facts
  }
  const [access, workload, grant] = await Promise.all([
    proveInitiator(query.initiator, asked, ports),
    proveServer(query.server.proof, asked, ports),
    proveGrant(query.purpose?.grant, now, ports),
  ])
  const initiator = take('initiator', access, noInitiator)
  const server = take('server', workload, noServer)
  const proved = take<AttestedPurpose | null>('grant', grant, null)
  const standing = standingFor(query, pep, { initiator, index, now })
  const purpose = standing.purpose ?? proved
  gaps.push(...standing.gaps)
  gaps.push(...contradictions(query, initiator, proved, claimed))
  gaps.push(...narrowingGaps(query, proved, now, ports))
  gaps.push(...staleness(engine, ports, milliseconds))
  if (ports.lacksWitnesses(milliseconds)) gaps.push({ code: 'log.unwitnessed', params: {} })
  gaps.push(...stopsMet(query, pep, initiator, index, ports))
  const workflow = await workflowFor(query, { pep, initiator, index }, ports)
  return {
    now: milliseconds,
    decisionId: `dec_${ports.clock.uuid()}`,
    workflow,
    workflowSeen: ports.audit.workflows.seen(workflow, now),
    pep,
    policy: engine?.policy ?? null,
    authors: engine?.authors ?? [],
    index,
    observations: observationsFor(
      index.registry,
      { server: query.server.id, kind: query.capability.kind },
      now,
    ),
    initiator,
    server,
    purpose,
    evidence,
    replayKeys,
    session: sessionOf(query, pep, server),
    stopEpoch,
    inputs: inputsOf(query, workflow.subject, now, ports),
    approvalFor: approvalsFor({ now: milliseconds, index, initiator }, ports),
    refusalFor: refusalsFor(query, { initiator, purpose }, ports),
    gaps,
  }
}

/** What proofs are held against of the server that is asked about; whoever wants a grant asks the tenant itself. */
function registeredAs(
  { server: { id }, capability }: Query,
  index: RegistryIndex,
  { tenant }: DecidePorts,
): Pick<Asked, 'resource' | 'tlsPin'> {
  if (capability.kind === 'grant') return { resource: tenant.audience, tlsPin: null }
  const server = serverOf(index, id)
  if (server === null) return { resource: null, tlsPin: null }
  return { resource: server.resource, tlsPin: workloadSlice(server.workload).tls }
}

function inputsOf(
  { server, capability: { kind } }: Query,
  subject: string | null,
  now: number,
  { audit }: DecidePorts,
): Facts['inputs'] {
  const lane = { subject, server: server.id, kind }
  return {
    lane,
    find: (definition, round) => audit.inputs.find(lane, definition, round, now),
    lately: audit.inputs.lately(lane, now),
  }
}

/** The session that proved the server; null when something else did, or nothing. */
function sessionOf(query: Query, pep: Pep, { grade }: VerifiedServer): Quoted | null {
  const handle = query.server.proof?.session
  return handle === undefined || grade === 'none' ? null : quotedOf(handle, query, pep)
}

function quotedOf(handle: string, { server }: Query, { issuer, id }: Pep): Quoted {
  return { handle: digestOfText(handle), server: server.id, gateway: { issuer, client_id: id } }
}

/** A policy whose sources have long been silent may have been revoked there. */
function staleness(engine: PolicyEngine | null, ports: DecidePorts, now: number): Gap[] {
  return engine !== null && ports.isStale(now) ? [{ code: 'policy.stale', params: {} }] : []
}

function gap(slot: EvidenceSlot, failure: EvidenceFailure): Gap {
  return { code: `${slot}.${failure}`, params: {} }
}

/** The purpose that the registry gives to whoever was verified, where the question brings no grant. */
function standingFor(
  query: Query,
  pep: Pep,
  { initiator, index, now }: Pick<Facts, 'initiator' | 'index' | 'now'>,
): { readonly purpose: AttestedPurpose | null; readonly gaps: readonly Gap[] } {
  if (query.purpose?.grant !== undefined || query.capability.kind === 'grant')
    return { purpose: null, gaps: [] }
  const { registry, memberships } = index
  const standing = standingGrant(registry, {
    ...{ initiator, now, project: pep.project },
    groups: memberships.get(JSON.stringify([initiator.iss, initiator.sub])) ?? [],
    ...{ code: query.purpose?.code ?? null, ref: query.purpose?.ref ?? null },
  })
  return standing === 'many'
    ? { purpose: null, gaps: [{ code: 'purpose.standing_many', params: {} }] }
    : { purpose: standing, gaps: [] }
}

/** A grant that is to be narrowed from another must lie inside it, whatever policy says. */
function narrowingGaps(
  query: Query,
  parent: AttestedPurpose | null,
  now: number,
  { audit }: DecidePorts,
): Gap[] {
  if (query.capability.kind !== 'grant' || parent === null) return []
  const wider = widerThan(askedTerms(query, now), attestedTerms(parent))
  const isTooLong = audit.grants.chainOf(parent.grant_id).length >= longestChain
  return [
    ...(wider.length === 0
      ? []
      : [{ code: 'purpose.wider_than_parent' as const, params: { wider } }]),
    ...(isTooLong ? [{ code: 'purpose.chain_too_long' as const, params: {} }] : []),
  ]
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
