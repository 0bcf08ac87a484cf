/** Evidence that is refused, for each slot of a query and each code that it can be refused with there. */
import type { Query } from '../../service/contract/query.ts'
import type { EvidenceFailure, EvidenceSlot } from '../../service/contract/reason-code.ts'
import type { TokenKind } from '../../service/identity/token-profile.ts'
import { nonceClaim, requestDigestClaim } from '../../service/identity/wpt.ts'
import { tokenHash } from '../../service/statement/digest.ts'
import { forge, idp, moment, resource, tenantAudience } from './issuer.ts'
import { statusClaim } from './status-list.ts'
import { claims, type Tokens } from './tokens.ts'
import { createHolder, type Changes } from './workload.ts'

/** What of a query is replaced. */
type Evidence = Pick<Query, 'initiator' | 'purpose'> & { readonly server?: Query['server'] }
type Make = () => Promise<Evidence>
export type Refused = Readonly<Partial<Record<EvidenceFailure, Make>>>

const kindOf = {
  initiator: 'access_token',
  server: 'jwt_svid',
  grant: 'purpose_grant',
} as const satisfies Record<EvidenceSlot, TokenKind>

export function inSlot(slot: EvidenceSlot, token: string): Evidence {
  if (slot === 'initiator') return { initiator: { access_token: token } }
  if (slot === 'grant') return { purpose: { grant: token } }
  return { server: { id: 'ops', proof: { jwt_svid: token } } }
}

/** What any token can have. */
export function refusedAnywhere(slot: EvidenceSlot, { signers, sign }: Tokens): Refused {
  const kind = kindOf[slot]
  const signer = signers[kind]
  const put = async (token: Promise<string>): Promise<Evidence> => inSlot(slot, await token)
  const changed =
    (changes: object): Make =>
    () =>
      put(sign(kind, changes))
  const headed =
    (header: Record<string, unknown>): Make =>
    () =>
      put(sign(kind, {}, header))
  const text = JSON.stringify(claims[kind])
  const elsewhere =
    slot === 'server' ? { sub: 'spiffe://down.example/x' } : { iss: 'https://down.example' }
  return {
    malformed: () => put(Promise.resolve('x')),
    too_large: () => put(Promise.resolve('x'.repeat(8193))),
    wrong_type: headed({ typ: 'logout+jwt' }),
    alg_refused: () => put(relabelled(sign(kind), { alg: 'HS256' })),
    header_refused: headed({ jku: 'https://evil.example/keys' }),
    kid_missing: headed({ kid: undefined }),
    // Down.example is configured, for ES256, and its keys cannot be had.
    keys_unavailable: () => put(relabelled(sign(kind, elsewhere), { alg: 'ES256' })),
    key_not_found: headed({ kid: 'other' }),
    bad_signature: () => put(sign(kind).then((token) => `${token.slice(0, -8)}AAAAAAAA`)),
    duplicate_member: () => put(signer.sign(text.replace('{', '{"aud":"x",'))),
    bad_claim: () => put(signer.sign(text.replace(/"exp":\d+/u, '"exp":1e400'))),
    audience: changed({ aud: 'https://other.example' }),
    audience_many: changed({ aud: Array.from({ length: 9 }, (_, at) => `https://a${String(at)}`) }),
    expired: changed({ iat: moment - 100, exp: moment - 30 }),
    not_yet_valid: changed({ iat: moment + 31 }),
    lifetime: changed({ iat: moment, exp: moment + 8 * 24 * 3600 }),
    pop_missing: changed({ cnf: { jkt: 'x'.repeat(43) } }),
    status_unavailable: changed(statusClaim('valid', 'https://elsewhere.example/1')),
  }
}

/** The same payload and signature under a header with other members. */
async function relabelled(token: Promise<string>, members: object): Promise<string> {
  const [header = '', payload = '', signature = ''] = (await token).split('.')
  const said = JSON.parse(Buffer.from(header, 'base64url').toString()) as object
  const [other = ''] = forge({ ...said, ...members }, '').split('.')
  return `${other}.${payload}.${signature}`
}

/** What only an initiator, only a server, or only a grant can have. */
export async function refusedInSlot(slot: EvidenceSlot, tokens: Tokens): Promise<Refused> {
  if (slot === 'grant') return ofGrants(tokens)
  const held = await ofHolders(slot, tokens)
  const certificate_missing = withoutCertificate(slot, tokens)
  return {
    ...held,
    certificate_missing,
    ...(slot === 'server' ? ofServers(tokens) : await ofInitiators(tokens)),
  }
}

function ofGrants({ sign }: Tokens): Refused {
  return {
    issuer_unknown: async () =>
      inSlot('grant', await sign('purpose_grant', { iss: 'https://evil.example' })),
    revoked: async () => inSlot('grant', await sign('purpose_grant', statusClaim('revoked'))),
    suspended: async () => inSlot('grant', await sign('purpose_grant', statusClaim('suspended'))),
    claim_mismatch: async () => ({
      purpose: { code: 'another', grant: await sign('purpose_grant') },
    }),
  }
}

/** Bound to a certificate, or on a connection of which one is spoken, and none was shown. */
function withoutCertificate(slot: EvidenceSlot, { sign }: Tokens): Make {
  if (slot === 'server')
    return () => Promise.resolve({ server: { id: 'ops', proof: { mtls: true } } })
  return async () =>
    inSlot(slot, await sign('access_token', { cnf: { 'x5t#S256': 'x'.repeat(43) } }))
}

function ofServers({ sign }: Tokens): Refused {
  const svid = async (sub: string): Promise<Evidence> =>
    inSlot('server', await sign('jwt_svid', { sub }))
  const job = async (changes: object): Promise<Evidence> => ({
    server: { id: 'ops', proof: { platform_token: await sign('platform_token', changes) } },
  })
  return {
    issuer_unknown: () => job({ iss: 'https://evil.example' }),
    issuer_scope: () => job({ event_name: 'pull_request' }),
    id_token: () => job({ nonce: 'n' }),
    revoked: () => job(statusClaim('revoked')),
    suspended: () => job(statusClaim('suspended')),
    untrusted_domain: () => svid('spiffe://evil.example/x'),
    bad_identifier: () => svid('spiffe://example.org/a/../b'),
    proof_many: () =>
      Promise.resolve({
        server: { id: 'ops', proof: { jwt_svid: 'a.b.c', platform_token: 'a.b.c' } },
      }),
  }
}

async function ofInitiators({ sign }: Tokens): Promise<Refused> {
  const holder = await createHolder(() => moment)
  const stranger = await createHolder(() => moment)
  const bound = await sign('access_token', { cnf: { jkt: holder.thumbprint } })
  const changed =
    (changes: object): Make =>
    async () =>
      inSlot('initiator', await sign('access_token', changes))
  const dpop = async (token: string, by = holder, changes: Changes = {}): Promise<Evidence> => ({
    initiator: { access_token: token, dpop: await by.dpop(token, resource, changes) },
  })
  const wit = async (sub: string): Promise<Evidence> => ({
    initiator: { wit: await sign('wit', { sub }), wpt: 'a.b.c' },
  })
  return {
    issuer_unknown: changed({ iss: 'https://evil.example' }),
    suspended: changed(statusClaim('suspended')),
    issuer_scope: async () => ({
      initiator: { platform_token: await sign('platform_token', { event_name: 'pull_request' }) },
    }),
    untrusted_domain: () => wit('spiffe://evil.example/x'),
    bad_identifier: () => wit('spiffe://example.org/a/../b'),
    chain_too_deep: changed({ act: chain(9) }),
    chain_loop: changed({ act: { iss: idp, sub: 'alice' } }),
    chain_issuer: changed({ act: { iss: 'https://evil.example', sub: 'a' } }),
    chain_not_allowed: changed({ act: { iss: idp, sub: 'a' }, may_act: { sub: 'b' } }),
    id_token: changed({ nonce: 'n' }),
    subject_is_pep: changed({ sub: 'gateway', client_id: 'gateway' }),
    pop_unexpected: async () => dpop(await sign('access_token')),
    pop_key: () => dpop(bound, stranger),
    pop_target: () => dpop(bound, holder, { claims: { htu: 'https://mcp.example/other' } }),
    proof_many: () => Promise.resolve({ initiator: { access_token: bound, wit: 'a.b.c' } }),
    server_unknown: () =>
      Promise.resolve({ initiator: { access_token: bound }, server: { id: 'nobody' } }),
  }
}

function chain(depth: number): object | undefined {
  return depth === 0 ? undefined : { iss: idp, sub: `a${String(depth)}`, act: chain(depth - 1) }
}

/** By WIT and WPT, in either slot. */
async function ofHolders(slot: 'initiator' | 'server', { sign }: Tokens): Promise<Refused> {
  const holder = await createHolder(() => moment)
  const wit = await sign('wit', { cnf: { jwk: holder.key.jwk } })
  const audience = slot === 'server' ? tenantAudience : resource
  const proof = async (changes: Changes, by = wit): Promise<Evidence> =>
    proving(slot, by, await holder.wpt(wit, audience, changes))
  const says =
    (claim: string, value: unknown): Make =>
    () =>
      proof({ claims: { [claim]: value } })
  const hash = tokenHash('another')
  return {
    bad_cnf: async () => proof({}, await sign('wit', { cnf: { jwk: { kty: 'oct', k: 'AA' } } })),
    alg_mismatch: async () =>
      proof({}, await sign('wit', { cnf: { jwk: { ...holder.key.jwk, alg: 'ES384' } } })),
    wth: says('wth', hash),
    ath: says('ath', hash),
    tth: says('tth', hash),
    oth: says('oth', { 'x-token': hash }),
    nonce: says(nonceClaim, 'not ours'),
    request_digest: says(requestDigestClaim, 'sha256:another'),
    replay: () => proof({ claims: { jti: 'the same' } }),
    replay_store_full: () => proof({}),
  }
}

function proving(slot: 'initiator' | 'server', wit: string, wpt: string): Evidence {
  return slot === 'server'
    ? { server: { id: 'ops', proof: { wit, wpt } } }
    : { initiator: { wit, wpt } }
}
