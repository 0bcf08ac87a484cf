// One genuine token made hostile: a field changed under the old signature or a stranger's, a field made wrong and
// signed anew by the right key, another algorithm, JSON that says two things, single bytes. None of these may pass.

import { createHmac } from 'node:crypto'
import type { TestIssuer } from '../../test/support/issuer.ts'
import type { Random } from './random.ts'

/** A token that passes, and whoever can sign like it. */
export type Genuine = {
  readonly compact: string
  /** Signs as the issuer does. */
  readonly signer: TestIssuer
  /** Claims that must be there and what, of the right type, may not stand in them. */
  readonly demanded: Claims
  /** What may not be there, in claims that need not be there. */
  readonly forbidden?: Claims
}

type Claims = Readonly<Record<string, readonly unknown[]>>
type Parts = { readonly header: Members; readonly payload: Members; readonly signature: string }
type Members = Readonly<Record<string, unknown>>

/** Of no type that a demanded claim has; whole numbers and lists would be right for some. */
const misfits: readonly unknown[] = [undefined, null, true, 1.5, -1, {}, '']
const values: readonly unknown[] = [
  ...misfits,
  ...[
    [],
    0,
    'x',
    ['x'],
    1e300,
    'none',
    'https://evil.example',
    'spiffe://evil.example/x',
    { jwk: {} },
  ],
]
const alphabet = [...'ABCXYZabcxyz0189-_.=+/?%'.split(''), ' ', '\n', '\u0000', '\u00e9']

export async function hostileOf(
  genuine: Genuine,
  stranger: TestIssuer,
  random: Random,
): Promise<string> {
  const way = random.pick([staleField, strangeField, wrongField, algorithm, twoFaced, bytes])
  return way(genuine, random, stranger)
}

function partsOf(compact: string): Parts {
  const [header = '', payload = '', signature = ''] = compact.split('.')
  return { header: membersOf(header), payload: membersOf(payload), signature }
}

function membersOf(segment: string): Members {
  return JSON.parse(Buffer.from(segment, 'base64url').toString()) as Members
}

function segment(text: string | object): string {
  return Buffer.from(typeof text === 'string' ? text : JSON.stringify(text)).toString('base64url')
}

/** Any field of header or payload, also one level down, or a new one. */
function changed(parts: Parts, random: Random): Parts {
  const side = random.pick(['header', 'payload'] as const)
  const members = parts[side]
  const name = random.pick([...Object.keys(members), 'extra', 'jku', 'crit', 'nonce', 'cnf'])
  const value = members[name]
  const isDeep = typeof value === 'object' && value !== null && !Array.isArray(value)
  const deeper = isDeep && random.below(2) === 0
  const next = deeper ? replaced(value as Members, random) : other(value, random)
  return { ...parts, [side]: { ...members, [name]: next } }
}

function replaced(members: Members, random: Random): Members {
  const name = random.pick([...Object.keys(members), 'extra'])
  return { ...members, [name]: other(members[name], random) }
}

function other(value: unknown, random: Random): unknown {
  const next = random.pick(values)
  return JSON.stringify(next) === JSON.stringify(value) ? 'another' : next
}

function staleField({ compact }: Genuine, random: Random): string {
  const { header, payload, signature } = changed(partsOf(compact), random)
  const forged = `${segment(header)}.${segment(payload)}.${signature}`
  return forged === compact ? `${compact}A` : forged
}

async function strangeField(
  { compact }: Genuine,
  random: Random,
  stranger: TestIssuer,
): Promise<string> {
  const { header, payload } = changed(partsOf(compact), random)
  const alg = stranger.alg
  return stranger.sign(payload, { kid: undefined, ...safe(header), alg })
}

/** What the signing library itself would refuse to sign. */
function safe(header: Members): Members {
  const { crit: _, b64: __, ...rest } = header
  return rest
}

async function wrongField(genuine: Genuine, random: Random): Promise<string> {
  const { compact, signer, demanded, forbidden = {} } = genuine
  const { header, payload } = partsOf(compact)
  const name = random.pick([...Object.keys(demanded), ...Object.keys(forbidden)])
  const value = random.pick(forbidden[name] ?? [...misfits, ...(demanded[name] ?? [])])
  return signer.sign({ ...payload, [name]: value }, { kid: undefined, ...header })
}

function algorithm({ compact, signer }: Genuine, random: Random): string {
  const { header, payload, signature } = partsOf(compact)
  const alg = random.pick([
    'none',
    'None',
    'HS256',
    'ES384',
    'RS256',
    'PS256',
    'EdDSA',
    'es256',
    '',
  ])
  const input = `${segment({ ...header, alg })}.${segment(payload)}`
  if (alg !== 'HS256') return `${input}.${random.pick(['', signature, 'AA'])}`
  const secret = random.pick([JSON.stringify(signer.jwk), signer.jwk.x ?? '', ''])
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

/** JSON that is not strict, signed by the right key. */
async function twoFaced({ compact, signer }: Genuine, random: Random): Promise<string> {
  const { header, payload } = partsOf(compact)
  const text = JSON.stringify(payload)
  const name = random.pick(Object.keys(payload))
  const deep = `${'['.repeat(40)}${']'.repeat(40)}`
  const body = random.pick([
    text.replace('{', `{"${name}":${JSON.stringify(payload[name])},`),
    text.replace('{', `{"__proto__":{"admin":true},`),
    text.replace('{', `{"deep":${deep},`),
    text.replace('{', String.raw`{"half":"\ud800",`),
    text.replace('{', '{"large":1e400,'),
    `\ufeff${text}`,
    `${text}{}`,
    `[${text}]`,
    JSON.stringify(text),
    '',
  ])
  return signer.sign(new TextEncoder().encode(body), { kid: undefined, ...header })
}

function bytes({ compact }: Genuine, random: Random): string {
  const at = random.below(compact.length)
  const byte = random.pick(alphabet)
  const [header = '', payload = '', signature = ''] = compact.split('.')
  const made = random.pick([
    compact.slice(0, at) + byte + compact.slice(at + 1),
    compact.slice(0, at) + byte + compact.slice(at),
    compact.slice(0, at) + compact.slice(at + 1),
    compact.slice(0, at),
    `${payload}.${header}.${signature}`,
    `${header}.${payload}.`,
    `${header}.${payload}.${signature}.${signature}`,
    `${compact}=`,
    `${compact}\n`,
    compact.toLowerCase(),
    compact.repeat(20),
  ])
  // Space around a body that is a token is no part of it.
  return made.trim() === compact ? `${compact}.` : made
}
