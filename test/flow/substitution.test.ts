/**
 * Every kind of token and proof, shown in the place of every other: the reason of each cell is written down.
 *
 * With keys apart, as a tenant configures them; with one key that is trusted for everything, where nothing but the
 * profiles keeps them apart; and under the header of the other kind. A kind without a row and a column does not pass.
 */
import { afterAll, describe, expect, it } from '@jest/globals'
import type { SessionOpening } from '../../service/contract/proof-session.ts'
import type { EvidenceFailure } from '../../service/contract/reason-code.ts'
import type { ServerProof } from '../../service/contract/query.ts'
import type { Asked } from '../../service/flow/proof-ports.ts'
import { proveInitiator } from '../../service/flow/prove-initiator.ts'
import { proveServer } from '../../service/flow/prove-server.ts'
import { tokenKinds } from '../../service/flow/token-kinds.ts'
import { createVerifyToken, type VerifyToken } from '../../service/flow/verify-token.ts'
import type { Evidence } from '../../service/identity/evidence.ts'
import {
  possessionProfiles,
  type PossessionKind,
} from '../../service/identity/possession-profile.ts'
import { refusedTyps, tokenProfiles, type TokenKind } from '../../service/identity/token-profile.ts'
import { digestOfText } from '../../service/statement/digest.ts'
import type { KeySets } from '../../service/port/key-sets.ts'
import {
  createTestIssuer,
  forge,
  idp,
  moment,
  resource,
  tenantAudience,
} from '../support/issuer.ts'
import {
  certify,
  createRoot,
  keyPin,
  serverCertificate,
  valid,
  x5cOf,
} from '../support/certificates.ts'
import { claims, expectations, startTokens } from '../support/tokens.ts'
import { createHolder, holderOf, type Holder } from '../support/workload.ts'

type Kind = TokenKind | PossessionKind | 'session'
type Cell = EvidenceFailure | 'ok'
type Matrix = Readonly<Record<Kind, Readonly<Record<Kind, Cell>>>>

const tokens = await startTokens()
afterAll(tokens.close)

const kindsOfTokens = Object.keys(tokenKinds) as TokenKind[]
const kinds: readonly Kind[] = [
  ...kindsOfTokens,
  ...(Object.keys(possessionProfiles) as PossessionKind[]),
  'session',
]

/** The handle of a proof session that stands. */
const handle = `ses_${'h'.repeat(43)}`

/** Who signs, and who is trusted. */
type World = {
  readonly sign: (
    kind: TokenKind,
    changes?: object,
    header?: Record<string, unknown>,
  ) => Promise<string>
  readonly holder: Holder
  readonly keySets: KeySets
}

const apart: World = {
  sign: tokens.sign,
  holder: await createHolder(() => moment),
  keySets: tokens.keySets,
}

/** One key signs everything, proofs too, and is trusted for everything under any name. */
async function oneKey(): Promise<World> {
  const key = await createTestIssuer('ES256', 'oauth', null)
  const trusted = tokens.keySets.brought(key.jwk, 'ES256')
  if (trusted === null) throw new Error('the key cannot be used')
  return {
    sign: (kind, changes = {}, header = {}) => {
      const [typ] = tokenProfiles[kind].typs
      return key.sign({ ...claims[kind], ...changes }, { typ: typ ?? undefined, ...header })
    },
    holder: await holderOf(key, () => moment),
    keySets: { ...tokens.keySets, find: () => Promise.resolve({ ok: true, key: trusted }) },
  }
}

const one = await oneKey()

const now = valid(moment - 100, moment + 100)
const root = createRoot('root', now)
const x5Of = ({ key }: Holder): Buffer =>
  certify(root, key.jwk, 'spiffe://example.org/ns/ops/sa/mcp', now)

type Shown = Readonly<Record<Kind, string>>

/** A good token of each kind, each good in its own place. */
async function genuine({ sign, holder }: World): Promise<Shown & { readonly bound: string }> {
  const wit = await sign('wit', { cnf: { jwk: holder.key.jwk } })
  const bound = await sign('access_token', { cnf: { jkt: holder.thumbprint } })
  const signed = await Promise.all(
    kindsOfTokens.map(async (kind) => [kind, await sign(kind)] as const),
  )
  return {
    ...(Object.fromEntries(signed) as Record<TokenKind, string>),
    wit,
    wpt: await holder.wpt(wit, tenantAudience),
    dpop: await holder.dpop(bound, resource),
    x5_proof: await holder.x5Proof(x5Of(holder), tenantAudience),
    session: handle,
    bound,
  }
}

const session: SessionOpening = {
  ...{ server: 'ops', gateway: { issuer: idp, client_id: 'gateway' }, workload: 'spiffe://x/y' },
  ...{ trust_domain: 'x', expires_at: moment + 60, handle: digestOfText(handle), evidence: [] },
}

const asked: Asked = {
  now: moment,
  pep: { issuer: idp, clientId: 'gateway', workload: null, peer: null, grade: 'pop' },
  resource,
  tlsPin: null,
  accessToken: null,
  isRequest: () => true,
  isRevoked: () => false,
  session: (quoted) =>
    quoted === handle ? { ok: true, value: session } : { ok: false, failure: 'session_unknown' },
  isNonce: () => true,
}

const ending = (proved: Evidence<unknown> | null): Cell =>
  proved === null ? 'malformed' : proved.ok ? 'ok' : proved.failure

/** How each place takes a token. */
function placesOf(
  { keySets: known, holder }: World,
  { wit, bound }: Shown & { readonly bound: string },
): Readonly<Record<Kind, (compact: string) => Promise<Cell>>> {
  const keySets: KeySets = {
    ...known,
    authorities: () => Promise.resolve({ ok: true, authorities: [root.der] }),
  }
  const x5c = [x5Of(holder).toString('base64')]
  const verify: VerifyToken = createVerifyToken(keySets)
  const tenant = {
    id: 'acme',
    audience: tenantAudience,
    initiatorIssuers: [idp],
    agentDocument: () => null,
    platformDemands: () => ({}),
  }
  const ports = { tenant, verify, keySets }
  const places = kindsOfTokens.map((kind) => [
    kind,
    async (compact: string): Promise<Cell> => {
      const verified = await verify(kind, 'acme', compact, expectations()[kind])
      return verified.ok ? 'ok' : verified.failure
    },
  ])
  return {
    ...(Object.fromEntries(places) as Record<TokenKind, (compact: string) => Promise<Cell>>),
    wpt: async (wpt) => ending(await proveServer({ wit, wpt }, asked, ports)),
    x5_proof: async (proof) => ending(await proveServer({ x5c, x5_proof: proof }, asked, ports)),
    session: async (quoted) => ending(await proveServer({ session: quoted }, asked, ports)),
    dpop: async (dpop) => ending(await proveInitiator({ access_token: bound, dpop }, asked, ports)),
  }
}

async function rowOf(cell: (place: Kind) => Promise<Cell>): Promise<Record<Kind, Cell>> {
  const cells = await Promise.all(kinds.map(async (place) => [place, await cell(place)] as const))
  return Object.fromEntries(cells) as Record<Kind, Cell>
}

/** Rows are what is shown, columns where. */
function matrixOf(grid: string): Matrix {
  const [places = [], ...rows] = grid
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/ +/u))
  const cellsOf = (cells: readonly string[]): object =>
    Object.fromEntries(places.map((place, at) => [place, cells[at]]))
  return Object.fromEntries(rows.map(([kind, ...cells]) => [kind, cellsOf(cells)])) as Matrix
}

/** As it came: its type gives it away, but for the types that several kinds share. */
const undisguised = matrixOf(`
               access_token   pep_token      jwt_svid       wit            platform_token security_event purpose_grant  wpt            dpop           x5_proof       session
access_token   ok             audience       wrong_type     wrong_type     wrong_type     wrong_type     wrong_type     wrong_type     wrong_type     wrong_type     session_unknown
pep_token      audience       ok             wrong_type     wrong_type     wrong_type     wrong_type     wrong_type     wrong_type     wrong_type     wrong_type     session_unknown
jwt_svid       wrong_type     wrong_type     ok             wrong_type     bad_claim      wrong_type     wrong_type     wrong_type     wrong_type     wrong_type     session_unknown
wit            wrong_type     wrong_type     wrong_type     ok             wrong_type     wrong_type     wrong_type     wrong_type     wrong_type     wrong_type     session_unknown
platform_token wrong_type     wrong_type     bad_identifier wrong_type     ok             wrong_type     wrong_type     wrong_type     wrong_type     wrong_type     session_unknown
security_event wrong_type     wrong_type     wrong_type     wrong_type     wrong_type     ok             wrong_type     wrong_type     wrong_type     wrong_type     session_unknown
purpose_grant  wrong_type     wrong_type     wrong_type     wrong_type     wrong_type     wrong_type     ok             wrong_type     wrong_type     wrong_type     session_unknown
wpt            wrong_type     wrong_type     wrong_type     wrong_type     wrong_type     wrong_type     wrong_type     ok             wrong_type     wrong_type     session_unknown
dpop           wrong_type     wrong_type     wrong_type     wrong_type     wrong_type     wrong_type     wrong_type     wrong_type     ok             wrong_type     session_unknown
x5_proof       wrong_type     wrong_type     wrong_type     wrong_type     wrong_type     wrong_type     wrong_type     wrong_type     wrong_type     ok             session_unknown
session        malformed      malformed      malformed      malformed      malformed      malformed      malformed      malformed      malformed      malformed      ok
`)

/** The same claims under the header of the other place, by the one key that is trusted there too. */
const disguised = matrixOf(`
               access_token   pep_token      jwt_svid       wit            platform_token security_event purpose_grant  wpt            dpop           x5_proof       session
access_token   ok             audience       bad_identifier bad_identifier wrong_type     wrong_type     bad_claim      audience       wrong_type     audience       session_unknown
pep_token      audience       ok             bad_identifier bad_identifier wrong_type     wrong_type     bad_claim      lifetime       wrong_type     lifetime       session_unknown
jwt_svid       bad_claim      bad_claim      ok             bad_cnf        bad_claim      bad_claim      bad_claim      bad_claim      bad_claim      bad_claim      session_unknown
wit            bad_claim      bad_claim      pop_missing    ok             bad_claim      bad_claim      bad_claim      bad_claim      bad_claim      bad_claim      session_unknown
platform_token bad_claim      bad_claim      bad_identifier bad_identifier ok             wrong_type     bad_claim      lifetime       wrong_type     lifetime       session_unknown
security_event wrong_type     wrong_type     bad_identifier bad_identifier wrong_type     ok             wrong_type     bad_claim      wrong_type     bad_claim      session_unknown
purpose_grant  bad_claim      bad_claim      bad_identifier bad_identifier bad_claim      wrong_type     ok             lifetime       wrong_type     lifetime       session_unknown
wpt            bad_claim      bad_claim      bad_identifier bad_identifier bad_claim      bad_claim      bad_claim      ok             bad_claim      bad_claim      session_unknown
dpop           bad_claim      bad_claim      bad_identifier bad_identifier bad_claim      bad_claim      bad_claim      bad_claim      ok             bad_claim      session_unknown
x5_proof       bad_claim      bad_claim      bad_identifier bad_identifier bad_claim      bad_claim      bad_claim      wth            bad_claim      ok             session_unknown
session        malformed      malformed      malformed      malformed      malformed      malformed      malformed      malformed      malformed      malformed      ok
`)

describe.each([
  ['keys apart', apart],
  ['one key for all', one],
] as const)('as it came, %s', (_name, world) => {
  it.each(kinds)('%s passes in its own place alone', async (kind) => {
    const shown = await genuine(world)
    const places = placesOf(world, shown)
    expect(await rowOf((place) => places[place](shown[kind]))).toEqual(undisguised[kind])
  })
})

describe('under the header of another kind', () => {
  it.each(kinds)('%s passes in its own place alone', async (kind) => {
    const shown = await genuine(one)
    const places = placesOf(one, shown)
    const [, middle] = shown[kind].split('.')
    const payload = middle === undefined ? Buffer.from(handle) : Buffer.from(middle, 'base64url')
    const row = await rowOf(async (place) => {
      // A handle has no header.
      if (place === 'session') return places.session(shown[kind])
      const header = Buffer.from(shown[place].split('.', 1)[0] ?? '', 'base64url').toString()
      const plain = { kid: undefined, ...(JSON.parse(header) as object) }
      return places[place](await one.holder.key.sign(new Uint8Array(payload), plain))
    })
    expect(row).toEqual(disguised[kind])
  })
})

describe.each([
  ['as it came', undisguised],
  ['disguised', disguised],
])('the matrix, %s', (_name, matrix) => {
  it('has a row and a column for each kind, and nothing passes off the diagonal', () => {
    expect(Object.keys(matrix).sort()).toEqual(kinds.toSorted())
    for (const [shown, row] of Object.entries(matrix)) {
      expect(Object.keys(row).sort()).toEqual(kinds.toSorted())
      const passing = Object.entries(row).filter(([, cell]) => cell === 'ok')
      expect(passing.map(([place]) => place)).toEqual([shown])
    }
  })
})

describe('the path that a gateway forwards is no token, and no token is one', () => {
  const name = 'mcp.saas.example'
  const served = serverCertificate(root, name, now)
  const path = x5cOf(served)
  const pin = { name, keys: [keyPin(served.der)] }
  const forwarded = async (proof: ServerProof, { keySets: known }: World): Promise<Cell> => {
    const keySets: KeySets = {
      ...known,
      authorities: () => Promise.resolve({ ok: true, authorities: [root.der] }),
    }
    const tenant = { ...{ id: 'acme', audience: tenantAudience }, initiatorIssuers: [idp] }
    const ports = {
      tenant: { ...tenant, agentDocument: () => null, platformDemands: () => ({}) },
      keySets,
    }
    const verify = createVerifyToken(keySets)
    return ending(await proveServer(proof, { ...asked, tlsPin: pin }, { ...ports, verify }))
  }

  it.each([
    ['keys apart', apart],
    ['one key for all', one],
  ] as const)('%s', async (_name, world) => {
    const shown = await genuine(world)
    const places = placesOf(world, shown)
    const row = await rowOf((place) => places[place](path[0] ?? ''))
    const malformed = kinds.map((kind) => [kind, 'malformed'])
    expect(row).toEqual({ ...Object.fromEntries(malformed), session: 'session_unknown' })
    const column = await rowOf((kind) => forwarded({ tls: { name, x5c: [shown[kind]] } }, world))
    expect(column).toEqual(Object.fromEntries(kinds.map((kind) => [kind, 'malformed'])))
    expect(await forwarded({ tls: { name, x5c: path } }, world)).toBe('ok')
  })

  it('nor is it an X.509-SVID, which it could be beside a proof, nor that one a path', async () => {
    const { x5_proof: proof } = await genuine(apart)
    const svid = [x5Of(apart.holder).toString('base64')]
    expect(await forwarded({ x5c: path }, apart)).toBe('pop_missing')
    expect(await forwarded({ x5c: path, x5_proof: proof }, apart)).toBe('bad_identifier')
    expect(await forwarded({ tls: { name, x5c: svid } }, apart)).toBe('certificate_name')
  })
})

describe('what is never evidence', () => {
  it.each(refusedTyps)('%s, with the claims and the key of what belongs there', async (typ) => {
    const places = placesOf(apart, await genuine(apart))
    const cells = kindsOfTokens.map(async (kind) =>
      places[kind](await apart.sign(kind, {}, { typ })),
    )
    expect(new Set(await Promise.all(cells))).toEqual(new Set(['wrong_type']))
  })

  it('an encrypted token', async () => {
    const shown = await genuine(apart)
    const jwe = `${forge({ alg: 'RSA-OAEP', enc: 'A256GCM' }, 'k')}.aXY.dGFn`
    const places = placesOf(apart, shown)
    const { session: bySession, ...row } = await rowOf((place) => places[place](jwe))
    expect(bySession).toBe('session_unknown')
    expect(new Set(Object.values(row))).toEqual(new Set(['wrong_type']))
  })
})
