/**
 * Every code that evidence can be refused with, in every slot where it can be, through the corridor: real keys, real
 * signatures, and the code in the recorded decision. What no slot can have is written down, so that a new code needs a case.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { MemoryLog } from '../../service/adapter/memory-log/memory-log.ts'
import type { ForwardedTls, Query } from '../../service/contract/query.ts'
import type { RegisteredWorkload, TlsPin } from '../../service/contract/workload.ts'
import {
  evidenceFailures,
  stoppedKinds,
  type EvidenceFailure,
  type EvidenceSlot,
} from '../../service/contract/reason-code.ts'
import type { StopScope } from '../../service/contract/stop.ts'
import { decide } from '../../service/flow/decide.ts'
import type { Claimed } from '../../service/flow/claimed.ts'
import { endSession } from '../../service/flow/open-session.ts'
import { recordEvent } from '../../service/flow/record-event.ts'
import { setStop } from '../../service/flow/stop.ts'
import { takeSecurityEvent } from '../../service/flow/take-security-event.ts'
import type { DecidePorts, Tenant } from '../../service/flow/tenant.ts'
import type { PolicyEngine } from '../../service/port/policy-engine.ts'
import type { PeerChain } from '../../service/identity/certificate.ts'
import { digestOfText } from '../../service/statement/digest.ts'
import { authority, extension } from '../adapter/policy-engine/builtin/x509/make-certificate.ts'
import {
  createRoot,
  keyPin,
  keyUsage,
  serverCertificate,
  svidExtensions,
  valid,
  x5cOf,
  type Issued,
} from '../support/certificates.ts'
import { engineOf, pep, permit, portsWith, query, registry } from '../support/corridor.ts'
import { idp, moment, resource, tenantAudience } from '../support/issuer.ts'
import { refusedAnywhere, refusedInSlot, type Refused } from '../support/refused-evidence.ts'
import { startTokens, type Tokens } from '../support/tokens.ts'

const slots = ['initiator', 'server', 'grant'] as const satisfies readonly EvidenceSlot[]
const gateway = { ...pep, id: 'gateway', issuer: idp }
let tokens: Tokens
let good: Query
const refused = {} as Record<EvidenceSlot, Refused>

beforeAll(async () => {
  tokens = await startTokens()
  const [access, svid, grant] = [
    await tokens.sign('access_token'),
    await tokens.sign('jwt_svid'),
    await tokens.sign('purpose_grant'),
  ]
  good = {
    ...query,
    initiator: { access_token: access },
    server: { id: 'ops', proof: { jwt_svid: svid } },
    purpose: { grant },
  }
  for (const slot of slots)
    refused[slot] = { ...refusedAnywhere(slot, tokens), ...(await refusedInSlot(slot, tokens)) }
})
afterAll(() => tokens.close())

const { ops } = registry.servers
const servers = { ops: { ...ops!, resource } }
const engine = {
  ...engineOf(() => Promise.resolve({ ok: true, result: JSON.stringify(permit) })),
  registry: { ...registry, servers },
}

function ports(audit = new MemoryLog('test')): DecidePorts {
  const tenant = {
    id: 'acme',
    audience: tenantAudience,
    initiatorIssuers: [idp],
    agentDocument: () => null,
    platformDemands: () => ({}),
  }
  const clock = { now: () => moment * 1000, uuid: () => crypto.randomUUID() }
  const { verify, keySets } = tokens
  return portsWith({ tenant, clock, verify, keySets, audit, policy: () => engine })
}

async function codes(
  of: Query,
  through: DecidePorts,
  claimed?: Claimed,
  peer: PeerChain | null = null,
): Promise<string[]> {
  const { leaf } = await decide(of, { ...gateway, peer }, through, claimed)
  expect(leaf.effect).toBe(leaf.reasons.length === 0 ? 'permit' : 'deny')
  return leaf.reasons.map(({ code }) => code)
}

const svidId = 'spiffe://example.org/ns/ops/sa/mcp'
const now = valid(moment - 100, moment + 100)
const root = createRoot('root', now)

/** The server asks for itself, and shows that. */
async function shown({ chain }: Pick<Issued, 'chain'>): Promise<string[]> {
  const through = ports()
  const keySets = {
    ...through.keySets,
    authorities: () => Promise.resolve({ ok: true, authorities: [root.der] } as const),
  }
  const peer = { thumbprint: 'x', chain }
  const asking = { ...good, server: { id: 'ops', proof: { mtls: true } } } as const
  return await codes(asking, { ...through, keySets }, undefined, peer)
}

const more = (...extensions: readonly Buffer[]): Promise<string[]> =>
  shown(root.svid(svidId, { ...now, extensions: [...svidExtensions(svidId), ...extensions] }))

const saas = 'mcp.saas.example'
const served = serverCertificate(root.authority('middle', now), saas, now)
const pin: TlsPin = { name: saas, keys: [keyPin(served.der)] }

/** A gateway says what its connection to the server showed, which is registered so. */
async function reached(
  tls: Partial<ForwardedTls>,
  workload: RegisteredWorkload = { tls: pin },
): Promise<string[]> {
  const pinned = { ...engine.registry, servers: { ops: { ...servers.ops, workload } } }
  const through = { ...ports(), policy: () => ({ ...engine, registry: pinned }) }
  const seen = { name: saas, x5c: x5cOf(served), ...tls }
  return await codes({ ...good, server: { id: 'ops', proof: { tls: seen } } }, through)
}

/** What cannot be wrong there: a server delegates to nobody, a grant is shown again and again. */
const certificates = [
  ...(['untrusted_domain_key', 'certificate_profile'] as const),
  ...(['certificate_constraint', 'path_too_long', 'path_broken', 'certificate_name'] as const),
  ...(['pin_missing', 'pin_name', 'pin_key'] as const),
] as const
const agents = ['agent_unavailable', 'agent_document'] as const
const sessions = ['session_unknown', 'session_ended'] as const
const unreachable: Readonly<Record<EvidenceSlot, readonly EvidenceFailure[]>> = {
  initiator: [...certificates, ...sessions],
  server: [
    ...agents,
    'certificate_mismatch',
    ...([
      'chain_too_deep',
      'chain_loop',
      'chain_issuer',
      'chain_not_allowed',
      'subject_is_pep',
    ] as const),
    ...(['pop_unexpected', 'pop_key', 'pop_target'] as const),
    ...(['claim_mismatch', 'server_unknown'] as const),
  ],
  grant: [
    ...certificates,
    ...sessions,
    ...agents,
    ...(['certificate_missing', 'certificate_mismatch'] as const),
    ...(['issuer_scope', 'untrusted_domain', 'bad_identifier', 'id_token'] as const),
    ...([
      'chain_too_deep',
      'chain_loop',
      'chain_issuer',
      'chain_not_allowed',
      'subject_is_pep',
    ] as const),
    ...(['pop_unexpected', 'pop_key', 'pop_target', 'bad_cnf', 'alg_mismatch'] as const),
    ...(['wth', 'ath', 'tth', 'oth', 'nonce', 'request_digest'] as const),
    ...(['replay', 'replay_store_full', 'proof_many', 'server_unknown'] as const),
  ],
}

/** Opened for the gateway and the server that ask, then ended, or not opened at all. */
async function quoted(isEnded: boolean): Promise<string[]> {
  const through = ports()
  const { audit, clock } = through
  const events = { tenant: 'acme', audit, clock }
  const handle = `ses_${'x'.repeat(43)}`
  const opening = {
    ...{ server: 'ops', gateway: { issuer: idp, client_id: isEnded ? 'gateway' : 'another' } },
    ...{ workload: svidId, trust_domain: 'example.org', expires_at: moment + 60 },
    ...{ handle: digestOfText(handle), evidence: [] },
  }
  const id = await recordEvent(events, 'session_opened', opening)
  if (isEnded) await endSession({ id, by: 'operator' }, events)
  return await codes({ ...good, server: { id: 'ops', proof: { session: handle } } }, through)
}

/** The agent's own document is wrong. */
function documented(failure: 'agent_unavailable' | 'agent_document'): Promise<string[]> {
  const through = ports()
  const agentDocument = () => ({ ok: false, failure }) as const
  return codes(good, { ...through, tenant: { ...through.tenant, agentDocument } })
}

/** Codes of good evidence: the facade says something else, or its subject was revoked. */
const besides: Partial<Record<string, () => Promise<string[]>>> = {
  'initiator.claim_mismatch': () => codes(good, ports(), { subject: 'mallory' }),
  'initiator.certificate_mismatch': async () => {
    const token = await tokens.sign('access_token', { cnf: { 'x5t#S256': 'x'.repeat(43) } })
    const peer = { thumbprint: 'y'.repeat(43), chain: [] }
    return codes({ ...good, initiator: { access_token: token } }, ports(), undefined, peer)
  },
  'initiator.agent_unavailable': () => documented('agent_unavailable'),
  'initiator.agent_document': () => documented('agent_document'),
  'server.session_unknown': () => quoted(false),
  'server.session_ended': () => quoted(true),
  'server.untrusted_domain_key': () => shown(createRoot('root', now).svid(svidId, now)),
  'server.certificate_profile': () => more(authority()),
  'server.certificate_constraint': () => more(extension('1.2.3', Buffer.of(5, 0), true)),
  'server.path_too_long': () => {
    const extensions = [authority(0), keyUsage.authority]
    const short = root.authority('short', { ...now, extensions })
    return shown(short.authority('below', now).svid(svidId, now))
  },
  'server.path_broken': () =>
    reached({ x5c: [...x5cOf(served), ...x5cOf(createRoot('middle', now))] }),
  'server.certificate_name': () => {
    const other = serverCertificate(root, 'other.example', now)
    return reached({ x5c: x5cOf(other) })
  },
  'server.pin_missing': () => reached({}, { spiffe_id: svidId }),
  'server.pin_name': () => reached({ name: 'other.example' }),
  'server.pin_key': () => reached({ x5c: x5cOf(serverCertificate(root, saas, now)) }),
  'initiator.revoked': async () => {
    const through = ports()
    const tenant = { ...through, mayRevoke: () => true } as unknown as Tenant
    await takeSecurityEvent(await tokens.sign('security_event'), tenant)
    return codes(good, through)
  },
}

it('without a fault everything is permitted, so that each fault is what denies', async () => {
  expect(await codes(good, ports())).toEqual([])
  expect(await shown(root.svid(svidId, now))).toEqual([])
  expect(await reached({})).toEqual([])
})

describe.each(slots)('evidence of the %s', (slot) => {
  const reached = evidenceFailures.filter((failure) => !unreachable[slot].includes(failure))

  it.each(reached)('%s', async (failure) => {
    const code = `${slot}.${failure}`
    const beside = besides[code]
    if (beside !== undefined) {
      expect(await beside()).toEqual([code])
      return
    }
    const bad = { ...good, ...(await refused[slot][failure]?.()) }
    const through = ports(
      new MemoryLog('test', { replayKeys: failure === 'replay_store_full' ? 0 : 1 }),
    )
    if (failure === 'replay') expect(await codes(bad, through)).toEqual([])
    expect(await codes(bad, through)).toEqual([code])
  })

  it('has a case for nothing that it cannot be refused with', () => {
    const made = Object.keys(refused[slot]) as EvidenceFailure[]
    expect(made.filter((failure) => unreachable[slot].includes(failure))).toEqual([])
  })
})

describe('a kill switch', () => {
  const by = 'operator'
  const stopped: readonly (readonly [string, StopScope])[] = [
    ['stop.tenant', { kind: 'tenant' }],
    ['stop.server', { kind: 'server', server: 'ops' }],
    ['stop.agent', { kind: 'agent', client_id: 'agent-1' }],
    ['stop.initiator', { kind: 'initiator', iss: idp, sub: 'alice' }],
    ['stop.pep', { kind: 'pep', client_id: 'gateway' }],
    ['stop.capability', { kind: 'capability', server: 'ops', capability: 'tool:x' }],
  ]
  it.each(stopped)('%s', async (code, scope) => {
    const through = ports()
    await setStop({ scope, reason: 'x', by }, { ...through, tenant: 'acme' })
    expect(await codes(good, through)).toEqual([code])
  })
  it('has a case for each kind', () => {
    const named = stopped.map(([, { kind }]) => kind)
    expect([...named, 'meanwhile'].sort()).toEqual(stoppedKinds.toSorted())
  })

  it('that is set while the question is judged: stop.meanwhile', async () => {
    const through = ports()
    const judging = engineOf(async () => {
      await setStop(
        { scope: { kind: 'server', server: 'another' }, reason: 'x', by },
        { ...through, tenant: 'acme' },
      )
      return { ok: true, result: JSON.stringify(permit) }
    })
    const policy = (): PolicyEngine => ({ ...engine, evaluate: judging.evaluate })
    expect(await codes(good, { ...through, policy })).toEqual(['stop.meanwhile'])
  })
})

it('without a policy: engine.no_policy', async () => {
  const unregistered = { ...good, initiator: {} }
  expect(await codes(unregistered, { ...ports(), policy: () => null })).toEqual([
    'engine.no_policy',
  ])
})
