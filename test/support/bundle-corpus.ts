/** SPIFFE bundle documents to read: right ones, and each spoilt in one way; `case` names the way. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { rootOf, ed25519, es256, type Ca } from './x509/corpus-authority.ts'

export type BundleSample = { readonly case: string; readonly text: string }

type Entry = Readonly<Record<string, unknown>>

const jwk = (key: KeyObject): Entry => ({ ...key.export({ format: 'jwk' }) })
const ec = (namedCurve: string): Entry => jwk(generateKeyPairSync('ec', { namedCurve }).publicKey)
const rsa = (modulusLength: number): Entry =>
  jwk(generateKeyPairSync('rsa', { modulusLength }).publicKey)

function authorityEntry({ pair, der }: Ca): Entry {
  return { ...jwk(pair.publicKey), use: 'x509-svid', x5c: [der.toString('base64')] }
}

/** Keys of the bundle, each written in another way. */
function entries(): Readonly<Record<string, readonly Entry[]>> {
  const key = ec('P-256')
  const jwt = { ...key, use: 'jwt-svid', kid: 'a' }
  const wit = { ...ec('P-256'), use: 'wit-svid', kid: 'w' }
  const ca = authorityEntry(rootOf(es256, 'root'))
  const other = authorityEntry(rootOf(ed25519, 'other'))
  const [der = ''] = ca['x5c'] as readonly string[]
  const { private: secret, public: open } = pairOf()
  const without = (entry: Entry, name: string): Entry => ({ ...entry, [name]: undefined })
  return {
    'one of each use': [jwt, wit, ca],
    'authorities alone': [ca, other],
    'the same authority twice': [ca, ca],
    'no keys': [],
    'a key on P-384': [{ ...ec('P-384'), use: 'jwt-svid', kid: 'b' }],
    'a key on P-521': [{ ...ec('P-521'), use: 'jwt-svid', kid: 'b' }],
    'a key of RSA': [{ ...rsa(2048), use: 'jwt-svid', kid: 'b' }],
    'a key of RSA, 1024 bits': [jwt, { ...rsa(1024), use: 'jwt-svid', kid: 'b' }],
    'a key on secp256k1': [jwt, { ...ec('secp256k1'), use: 'jwt-svid', kid: 'b' }],
    'a key of Ed25519': [jwt, { ...jwk(ed25519.newPair().publicKey), use: 'jwt-svid', kid: 'b' }],
    'a kty of nobody': [jwt, { ...key, kty: 'XY', use: 'jwt-svid', kid: 'b' }],
    'kty missing': [jwt, { ...without(key, 'kty'), use: 'jwt-svid', kid: 'b' }],
    'a point off its curve': [jwt, { ...key, y: key['x'], use: 'jwt-svid', kid: 'b' }],
    'a point that is cut off': [jwt, { ...key, x: 'AAAA', use: 'jwt-svid', kid: 'b' }],
    'a point without y': [jwt, { ...without(key, 'y'), use: 'jwt-svid', kid: 'b' }],
    'a crv of nobody': [jwt, { ...key, crv: 'P-257', use: 'jwt-svid', kid: 'b' }],
    'alg of another key': [jwt, { ...ec('P-256'), alg: 'RS256', use: 'jwt-svid', kid: 'b' }],
    'alg none': [jwt, { ...ec('P-256'), alg: 'none', use: 'jwt-svid', kid: 'b' }],
    'use missing': [jwt, { ...ec('P-256'), kid: 'b' }],
    'use sig': [jwt, { ...ec('P-256'), use: 'sig', kid: 'b' }],
    'use of nobody': [jwt, { ...ec('P-256'), use: 'x', kid: 'b' }],
    'use in capitals': [jwt, { ...ec('P-256'), use: 'JWT-SVID', kid: 'b' }],
    'use a number': [jwt, { ...ec('P-256'), use: 1, kid: 'b' }],
    'kid missing': [jwt, { ...ec('P-256'), use: 'jwt-svid' }],
    'kid empty': [jwt, { ...ec('P-256'), use: 'jwt-svid', kid: '' }],
    'kid a number': [jwt, { ...ec('P-256'), use: 'jwt-svid', kid: 7 }],
    'kid of 300 characters': [jwt, { ...ec('P-256'), use: 'jwt-svid', kid: 'k'.repeat(300) }],
    'kid missing for WITs': [jwt, { ...ec('P-256'), use: 'wit-svid' }],
    'one kid for two keys': [jwt, { ...ec('P-256'), use: 'jwt-svid', kid: 'a' }],
    'one kid for both uses': [jwt, { ...wit, kid: 'a' }],
    'one key twice': [jwt, jwt],
    'a private key': [jwt, { ...secret, use: 'jwt-svid', kid: 'b' }],
    'a public key beside it': [jwt, { ...open, use: 'jwt-svid', kid: 'b' }],
    'a secret': [jwt, { kty: 'oct', k: 'AAAA', use: 'jwt-svid', kid: 'b' }],
    'a secret for nobody': [jwt, { kty: 'oct', k: 'AAAA', use: 'x', kid: 'b' }],
    'members of nobody': [{ ...jwt, foo: { bar: [1] } }],
    'key_ops to sign': [{ ...jwt, key_ops: ['sign'] }],
    'an authority with a kid': [jwt, { ...ca, kid: 'c' }],
    'an authority with the kid of a key': [jwt, { ...ca, kid: 'a' }],
    'an authority without x5c': [jwt, without(ca, 'x5c')],
    'an authority whose x5c is empty': [jwt, { ...ca, x5c: [] }],
    'an authority whose x5c is a text': [jwt, { ...ca, x5c: der }],
    'an authority of two certificates': [jwt, { ...ca, x5c: [der, ...(other['x5c'] as string[])] }],
    'an authority of another key': [jwt, { ...ca, ...ec('P-256') }],
    'an authority without its key': [jwt, { kty: 'EC', use: 'x509-svid', x5c: ca['x5c'] }],
    'an authority without kty': [jwt, without(ca, 'kty')],
    'an authority in base64url': [
      jwt,
      { ...ca, x5c: [Buffer.from(der, 'base64').toString('base64url')] },
    ],
    'an authority with line breaks': [jwt, { ...ca, x5c: [der.replace(/.{64}/g, '$&\n')] }],
    'an authority that is cut off': [
      jwt,
      { ...ca, x5c: [Buffer.from(der, 'base64').subarray(0, 100).toString('base64')] },
    ],
    'an authority with a byte behind': [
      jwt,
      {
        ...ca,
        x5c: [Buffer.concat([Buffer.from(der, 'base64'), Buffer.of(0)]).toString('base64')],
      },
    ],
    'an authority that is no certificate': [jwt, { ...ca, x5c: ['AAAA'] }],
    'a certificate beside a key': [{ ...jwt, x5c: ['AAAA'] }],
    'an x5t that is none': [{ ...jwt, x5t: '!' }],
  }
}

function pairOf(): { readonly private: Entry; readonly public: Entry } {
  const { privateKey, publicKey } = es256.newPair()
  return { private: jwk(privateKey), public: jwk(publicKey) }
}

/** What stands around the keys. */
function documents(keys: readonly Entry[]): Readonly<Record<string, string>> {
  const list = JSON.stringify(keys)
  const rest = (more: string): string => `{"keys":${list},${more}}`
  return {
    'keys missing': '{"spiffe_sequence":1}',
    'keys null': '{"keys":null}',
    'keys an object': '{"keys":{}}',
    'keys a text': '{"keys":"x"}',
    'keys of texts': '{"keys":["x"]}',
    'keys of null': '{"keys":[null]}',
    'keys of lists': '{"keys":[[]]}',
    'keys of an empty object': '{"keys":[{}]}',
    'keys twice': `{"keys":[],"keys":${list}}`,
    'keys in capitals': `{"KEYS":${list}}`,
    'a list': list,
    'a text': '"x"',
    'the text null': 'null',
    'nothing at all': '',
    'not JSON': '{"keys":',
    'something behind': `{"keys":${list}}x`,
    'white space around': ` \n{"keys":${list}}\n `,
    'a byte order mark': `\ufeff{"keys":${list}}`,
    'a comment': `{"keys":${list}/* x */}`,
    'a comma too many': `{"keys":${list},}`,
    'members of nobody': rest('"foo":{"bar":[1]}'),
    'a sequence': rest('"spiffe_sequence":7'),
    'sequence 0': rest('"spiffe_sequence":0'),
    'a sequence of 64 bits': rest('"spiffe_sequence":18446744073709551615'),
    'a sequence of 65 bits': rest('"spiffe_sequence":18446744073709551616'),
    'a sequence beyond a double': rest('"spiffe_sequence":9007199254740993'),
    'a negative sequence': rest('"spiffe_sequence":-1'),
    'a sequence with a fraction': rest('"spiffe_sequence":1.5'),
    'a sequence with an exponent': rest('"spiffe_sequence":1e3'),
    'a sequence as a text': rest('"spiffe_sequence":"7"'),
    'a sequence null': rest('"spiffe_sequence":null'),
    'a sequence twice': rest('"spiffe_sequence":1,"spiffe_sequence":2'),
    'a sequence in capitals': rest('"SPIFFE_SEQUENCE":7'),
    'a refresh hint': rest('"spiffe_refresh_hint":60'),
    'a negative refresh hint': rest('"spiffe_refresh_hint":-1'),
    'a refresh hint with a fraction': rest('"spiffe_refresh_hint":1.5'),
    'a refresh hint as a text': rest('"spiffe_refresh_hint":"60"'),
    'a refresh hint null': rest('"spiffe_refresh_hint":null'),
  }
}

export function makeBundleCorpus(): readonly BundleSample[] {
  const made = entries()
  const whole = made['one of each use'] ?? []
  const texts = [
    ...Object.entries(made).map(([name, keys]) => [name, JSON.stringify({ keys })] as const),
    ...Object.entries(documents(whole)),
  ].map(([name, text]) => ({ case: name, text }))
  return [...texts, ...cutOff(JSON.stringify({ keys: whole }))]
}

/** A document that ends too early, at many places. */
function cutOff(text: string): BundleSample[] {
  return Array.from({ length: 100 }, (_, i) => ({
    case: 'cut off',
    text: text.slice(0, Math.floor((i * text.length) / 100)),
  }))
}
