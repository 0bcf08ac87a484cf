// Reads a leaf strictly (RFC 7515 compact serialisation, a header of three members, the schema of the contract), so that
// no other reader of the same bytes reads another leaf. Whether the signature is right is the verifier's question.

import { DecisionLeaf, EventLeaf, type Leaf } from '../../../service/contract/leaf.ts'
import { parseStrictJson } from '../../../service/contract/strict-json.ts'
import { compileChecker, type Checked } from '../../../service/contract/validate.ts'
import { decodeBase64url } from '../../../service/statement/base64url.ts'

export interface LeafHeader {
  readonly alg: string
  readonly typ: string
  readonly kid: string
}

export interface ReadLeaf {
  readonly header: LeafHeader
  /** JSON text, as it was signed. */
  readonly payload: string
  readonly leaf: Leaf
  /** What the signature is over, and the signature. */
  readonly signed: string
  readonly signature: Uint8Array
}

/** `wrong` says what a leaf is and this is not. */
export type LeafReading =
  { readonly ok: true; readonly read: ReadLeaf } | { readonly ok: false; readonly wrong: string }

const isDecision = compileChecker(DecisionLeaf)
const isEvent = compileChecker(EventLeaf)
/** Far above what a leaf of 65,535 bytes that we wrote can hold. */
const bounds = { depth: 64, members: 65_536 }

export function readLeaf(token: string): LeafReading {
  const parts = token.split('.')
  const [head, body, signature] = parts.map(decodeBase64url)
  if (parts.length !== 3 || !head || !body || !signature) return wrong('it is no compact JWS')
  const header = headerOf(head)
  if (header === null) return wrong('its header is not alg, typ and kid')
  const leaf = leafOf(body)
  if (typeof leaf === 'string') return wrong(leaf)
  const payload = Buffer.from(body).toString()
  const signed = token.slice(0, token.lastIndexOf('.'))
  return { ok: true, read: { header, payload, leaf, signed, signature } }
}

function headerOf(bytes: Uint8Array): LeafHeader | null {
  const header = jsonOf(bytes)
  if (typeof header !== 'object' || header === null) return null
  const { alg, typ, kid, ...others } = header as Record<string, unknown>
  if (typeof alg !== 'string' || typeof typ !== 'string' || typeof kid !== 'string') return null
  return Object.keys(others).length === 0 ? { alg, typ, kid } : null
}

/**
 * The leaf alone, for whoever reads a log that is verified elsewhere: header and signature are not looked at, nor whether others
 * would read the same. Null when there is none.
 */
export function leafIn(token: string): Leaf | null {
  const [, body = ''] = token.split('.')
  try {
    const leaf = checked(JSON.parse(Buffer.from(body, 'base64url').toString()))
    return typeof leaf === 'string' ? null : leaf
  } catch {
    return null
  }
}

function leafOf(bytes: Uint8Array): Leaf | string {
  const value = jsonOf(bytes)
  return value === undefined
    ? 'its payload is not JSON that every reader reads alike'
    : checked(value)
}

function checked(value: unknown): Leaf | string {
  const isOne = (value as { readonly kind?: unknown } | null | undefined)?.kind === 'decision'
  const found: Checked<Leaf> = isOne ? isDecision(value) : isEvent(value)
  if (found.ok) return found.value
  const [fault] = found.faults
  const where = fault === undefined ? '' : `, ${fault.pointer}: ${fault.reason}`
  return `its payload is no leaf of version 1 that this program knows${where}`
}

/** Undefined when it is not strict JSON. */
function jsonOf(bytes: Uint8Array): unknown {
  try {
    return parseStrictJson(bytes, bounds)
  } catch {
    return undefined
  }
}

function wrong(what: string): LeafReading {
  return { ok: false, wrong: what }
}
