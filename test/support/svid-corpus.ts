/** JWT-SVIDs to judge: valid ones by every algorithm, and each spoilt in one way; `case` names the way. */
import { constants, generateKeyPairSync, sign } from 'node:crypto'
import type { JWK } from 'jose'
import { createTestIssuer, forge, tenantAudience, type TestIssuer } from './issuer.ts'

export type Sample = { readonly case: string; readonly token: string }
export type Corpus = {
  readonly samples: readonly Sample[]
  /** SPIFFE bundles, by trust domain. */
  readonly bundles: Readonly<Record<string, { readonly keys: readonly JWK[] }>>
}

const algorithms = ['ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']
const sub = 'spiffe://example.org/ns/ops/sa/mcp'

type Change = { readonly claims?: object; readonly header?: Record<string, unknown> }

/** Ways to spoil a token by what is signed, or to write it in another way that is as good. */
function changes(now: number): Readonly<Record<string, Change>> {
  const subject = (value: unknown): Change => ({ claims: { sub: value } })
  const audience = (value: unknown): Change => ({ claims: { aud: value } })
  return {
    valid: {},
    'audience as a text': audience(tenantAudience),
    'without iat': { claims: { iat: undefined } },
    'claims of its own': { claims: { role: 'x', nested: { a: [1] }, jti: 'j', iss: 'i' } },
    'nbf now': { claims: { nbf: now } },
    'typ JOSE': { header: { typ: 'JOSE' } },
    'typ JWT': { header: { typ: 'JWT' } },
    'typ at+jwt': { header: { typ: 'at+jwt' } },
    'typ wit+jwt': { header: { typ: 'wit+jwt' } },
    'typ in small letters': { header: { typ: 'jwt' } },
    'typ empty': { header: { typ: '' } },
    'kid missing': { header: { kid: undefined } },
    'kid empty': { header: { kid: '' } },
    'kid of nobody': { header: { kid: 'nobody' } },
    'kid a number': { header: { kid: 7 } },
    'header jku': { header: { jku: 'https://attacker.example/keys' } },
    'header x5u': { header: { x5u: 'https://attacker.example/x5u' } },
    'header jwk': { header: { jwk: { kty: 'EC' } } },
    'header cty': { header: { cty: 'JWT' } },
    'header of nobody': { header: { foo: 'bar' } },
    'sub missing': subject(undefined),
    'sub empty': subject(''),
    'sub a number': subject(5),
    'sub of another scheme': subject('https://example.org/ns'),
    'sub in another case': subject('spiffe://EXAMPLE.org/ns'),
    'sub scheme in another case': subject('SPIFFE://example.org/ns'),
    'sub without a path': subject('spiffe://example.org'),
    'sub with a trailing slash': subject('spiffe://example.org/ns/'),
    'sub with an empty segment': subject('spiffe://example.org/ns//x'),
    'sub with a dot segment': subject('spiffe://example.org/ns/../x'),
    'sub with three dots': subject('spiffe://example.org/ns/.../x'),
    'sub with a port': subject('spiffe://example.org:80/ns'),
    'sub with a user': subject('spiffe://u@example.org/ns'),
    'sub with a query': subject('spiffe://example.org/ns?x'),
    'sub with a fragment': subject('spiffe://example.org/ns#x'),
    'sub with a percent sign': subject('spiffe://example.org/n%73'),
    'sub with a letter of another script': subject('spiffe://example.org/nаme'),
    'sub with a line break': subject('spiffe://example.org/ns\n'),
    'sub of a domain that is not trusted': subject('spiffe://other.example/ns'),
    'sub of another trusted domain': subject('spiffe://partner.example/ns'),
    'sub of 2048 bytes': subject(`spiffe://example.org/${'a'.repeat(2027)}`),
    'sub of 2049 bytes': subject(`spiffe://example.org/${'a'.repeat(2028)}`),
    'aud missing': audience(undefined),
    'aud of another': audience(['https://other.example']),
    'aud empty': audience([]),
    'aud a number': audience(5),
    'aud that begins like ours': audience([`${tenantAudience}/x`]),
    'aud ours and another': audience([tenantAudience, 'https://other.example']),
    'exp missing': { claims: { exp: undefined } },
    'exp a text': { claims: { exp: String(now + 300) } },
    'exp past': { claims: { iat: now - 900, exp: now - 600 } },
    'exp 45 seconds past': { claims: { iat: now - 300, exp: now - 45 } },
    'exp 10 seconds past': { claims: { iat: now - 300, exp: now - 10 } },
    'exp a fraction': { claims: { exp: now + 300.5 } },
    'exp negative': { claims: { exp: -1 } },
    'exp in an hour': { claims: { exp: now + 3600 } },
    'iat an hour ahead': { claims: { iat: now + 3600, exp: now + 3900 } },
    'iat a text': { claims: { iat: 'now' } },
    'iat after exp': { claims: { iat: now + 20, exp: now + 10 } },
    'nbf an hour ahead': { claims: { nbf: now + 3600, exp: now + 3900, iat: undefined } },
    'nbf 45 seconds ahead': { claims: { nbf: now + 45 } },
    'claim cnf': { claims: { cnf: { jkt: 'x' } } },
    'claim events': { claims: { events: {} } },
  }
}

/** Ways to spoil a token after it was signed. */
const spoils: Readonly<Record<string, (token: string) => string>> = {
  'signature empty': (token) => token.slice(0, token.lastIndexOf('.') + 1),
  'signature gone': (token) => token.slice(0, token.lastIndexOf('.')),
  'a fourth part': (token) => `${token}.AAAA`,
  'parts of a JWE': (token) => `${token}.AAAA.AAAA`,
  padding: (token) => `${token}=`,
  'a space before': (token) => ` ${token}`,
  'a line break behind': (token) => `${token}\n`,
  'a line break within the signature': (token) => `${token.slice(0, -10)}\n${token.slice(-10)}`,
  'alg none': (token) => forge({ alg: 'none' }, payloadOf(token), ''),
  'alg none with its signature': (token) => reheaded(token, { alg: 'none' }),
  'alg HS256': (token) => reheaded(token, { alg: 'HS256', kid: 'ES256' }),
  'alg EdDSA': (token) => reheaded(token, { alg: 'EdDSA', kid: 'ES256' }),
  'payload of another': (token) => {
    const [header = '', , signature = ''] = token.split('.')
    const payload = Buffer.from('{"sub":"spiffe://example.org/admin","exp":9999999999}')
    return `${header}.${payload.toString('base64url')}.${signature}`
  },
  'payload not JSON': (token) => {
    const [header = '', , signature = ''] = token.split('.')
    return `${header}.${Buffer.from('{').toString('base64url')}.${signature}`
  },
}

function payloadOf(token: string): string {
  return Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
}

function reheaded(token: string, header: object): string {
  const [, payload = '', signature = ''] = token.split('.')
  return `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}.${signature}`
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** One character of a token is another: the last, and others in turn. */
function oneCharacter(token: string, count: number): Sample[] {
  return Array.from({ length: count }, (_, i) => {
    const at = i === 0 ? token.length - 1 : Math.floor((i * token.length) / count)
    const next = alphabet[(alphabet.indexOf(token[at] ?? '') + 1) % alphabet.length] ?? ''
    const changed = `${token.slice(0, at)}${next}${token.slice(at + 1)}`
    const isSame = bytesOf(changed) === bytesOf(token)
    return {
      case: isSame ? 'the same bytes spelled otherwise' : 'one character changed',
      token: changed,
    }
  })
}

function bytesOf(token: string): string {
  const parts = token.split('.').map((part) => Buffer.from(part, 'base64url').toString('hex'))
  return parts.join('.')
}

export async function makeCorpus(now: number): Promise<Corpus> {
  const signers = await Promise.all(algorithms.map((alg) => createTestIssuer(alg, alg, null)))
  const partner = await createTestIssuer('ES256', 'ES256', null)
  const wit = await createTestIssuer('ES256', 'wit', null)
  const claims = { sub, aud: [tenantAudience], iat: now - 60, exp: now + 300 }
  const rsa = signedOtherwise(claims)
  const samples: Sample[] = [
    { case: 'key of another trusted domain', token: await partner.sign(claims) },
    { case: 'key for another use', token: await wit.sign(claims) },
    rsa.sample,
  ]
  for (const signer of signers) samples.push(...(await samplesOf(signer, claims, now)))
  const own = [...signers.map(({ jwk }) => jwk), rsa.jwk].map((jwk) => ({
    ...jwk,
    use: 'jwt-svid',
  }))
  return {
    samples,
    bundles: {
      'example.org': { keys: [...own, { ...wit.jwk, use: 'wit-svid' }] },
      'partner.example': { keys: [{ ...partner.jwk, use: 'jwt-svid' }] },
    },
  }
}

async function samplesOf(signer: TestIssuer, claims: object, now: number): Promise<Sample[]> {
  const samples: Sample[] = []
  for (const [name, { claims: changed, header }] of Object.entries(changes(now)))
    samples.push({ case: name, token: await signer.sign({ ...claims, ...changed }, header) })
  for (const [name, payload] of Object.entries(texts(now)))
    samples.push({ case: name, token: await signer.sign(payload) })
  const valid = await signer.sign(claims)
  for (const [name, spoil] of Object.entries(spoils))
    samples.push({ case: name, token: spoil(valid) })
  return [...samples, ...oneCharacter(valid, 60)]
}

/** By a key that its bundle gives for RS256, with PS256. */
function signedOtherwise(claims: object): { readonly sample: Sample; readonly jwk: JWK } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const [header, payload] = forge({ alg: 'PS256', kid: 'rsa' }, claims).split('.')
  const input = `${header ?? ''}.${payload ?? ''}`
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
  const signature = sign('sha256', Buffer.from(input), { key: privateKey, ...padding })
  return {
    sample: {
      case: 'alg that is not of the key',
      token: `${input}.${signature.toString('base64url')}`,
    },
    jwk: { ...publicKey.export({ format: 'jwk' }), kid: 'rsa', alg: 'RS256' },
  }
}

/** Payloads that no object of JavaScript gives. */
function texts(now: number): Readonly<Record<string, string>> {
  const rest = `"aud":${JSON.stringify(tenantAudience)},"exp":${String(now + 300)}`
  return {
    'sub twice': `{"sub":"spiffe://example.org/a","sub":"spiffe://example.org/b",${rest}}`,
    'exp infinite': `{"sub":"${sub}","aud":"${tenantAudience}","exp":1e400}`,
    'payload a list': '[]',
    'payload with a comma too many': `{"sub":"${sub}",${rest},}`,
    'payload with a byte order mark': `\ufeff{"sub":"${sub}",${rest}}`,
  }
}
