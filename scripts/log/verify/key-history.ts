// The keys that leaves may be signed by, with the time in which each did: `keys/jwks.json` (RFC 7517), with `nbf` and `exp` as
// in RFC 7519. A key is named by its own thumbprint (RFC 7638), so that another cannot stand under its name.

import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto'
import type { NoteKey } from '../../../service/audit/note-key.ts'
import { LogFault } from '../log-fault.ts'
import { instantText } from '../printable.ts'
import type { ReadLeaf } from '../read/read-leaf.ts'

interface HistoricKey {
  readonly key: KeyObject
  readonly algorithms: readonly string[]
  /** Seconds; a key that signs still has no end. */
  readonly nbf: number
  readonly exp: number
  /** From then on it is not trusted; null when nobody says so. */
  readonly revokedAt: number | null
  /** The first of its coordinates, in base64url. */
  readonly x: unknown
}

type Members = Readonly<Record<string, unknown>>

export class KeyHistory {
  readonly #keys: ReadonlyMap<string, HistoricKey>

  /** @throws LogFault for a key that is not what its name says. */
  constructor(keys: readonly Members[], file: string) {
    this.#keys = new Map(keys.map((jwk) => [String(jwk['kid']), historicKey(jwk, file)]))
  }

  /** In which time a key signs; null for one that is not in it. */
  window(kid: string): Pick<HistoricKey, 'exp' | 'revokedAt'> | null {
    return this.#keys.get(kid) ?? null
  }

  /** From when on which keys are said to be compromised. */
  revoked(): ReadonlyMap<string, number> {
    return new Map(
      [...this.#keys].flatMap(([kid, { revokedAt }]) =>
        revokedAt === null ? [] : [[kid, revokedAt] as const],
      ),
    )
  }

  /** The note key signs checkpoints and nothing else. @throws LogFault */
  refuseNoteKey({ publicKey }: NoteKey): void {
    const x = Buffer.from(publicKey).toString('base64url')
    for (const [kid, key] of this.#keys) {
      if (key.x !== x) continue
      const expected = 'keys of leaves that sign no checkpoints'
      throw new LogFault({
        check: 'key',
        file: 'keys/jwks.json',
        expected,
        found: `${kid}, the note key`,
      })
    }
  }

  /** @throws LogFault when the leaf was signed by no key of that time, or not by the one that it names. */
  check({ header, leaf, signed, signature }: ReadLeaf): void {
    const { kid, alg } = header
    const { index, iat } = leaf
    const known = this.#keys.get(kid)
    if (known === undefined) {
      throw new LogFault({ check: 'key', index, expected: 'a key of keys/jwks.json', found: kid })
    }
    const { key, algorithms, nbf, exp } = known
    if (!algorithms.includes(alg)) {
      const expected = `${algorithms.join(' or ')}, as its key has it`
      throw new LogFault({ check: 'key', index, expected, found: alg })
    }
    if (iat < nbf || iat >= exp) {
      const until = exp === Infinity ? '' : ` and before ${instantText(exp)}`
      const expected = `a leaf from ${instantText(nbf)} on${until}: so long the key ${kid} signed`
      throw new LogFault({ check: 'key', index, expected, found: instantText(iat) })
    }
    if (
      verify(alg === 'ES256' ? 'sha256' : null, Buffer.from(signed, 'latin1'), ieee(key), signature)
    )
      return
    const expected = `a signature by the key ${kid}`
    throw new LogFault({ check: 'signature', index, expected, found: 'one that does not verify' })
  }
}

function ieee(key: KeyObject): { readonly key: KeyObject; readonly dsaEncoding: 'ieee-p1363' } {
  return { key, dsaEncoding: 'ieee-p1363' }
}

/** Of a JWK set (RFC 7517 section 5); null when it is none. */
export function keysIn(bytes: Uint8Array): readonly Members[] | null {
  try {
    const { keys } = JSON.parse(Buffer.from(bytes).toString()) as { readonly keys?: unknown }
    return Array.isArray(keys) && keys.every((key) => typeof key === 'object' && key !== null)
      ? (keys as Members[])
      : null
  } catch {
    return null
  }
}

function historicKey(jwk: Members, file: string): HistoricKey {
  const { kty, crv, x, y, kid } = jwk
  const isEc = kty === 'EC' && crv === 'P-256'
  const isEd = kty === 'OKP' && crv === 'Ed25519'
  if (!isEc && !isEd) {
    const found = `${String(kty)} ${String(crv)}`
    throw new LogFault({ check: 'key', file, expected: 'keys of P-256 or Ed25519', found })
  }
  const required = isEc ? { crv, kty, x, y } : { crv, kty, x }
  const thumbprint = thumbprintOf(jwk)
  if (kid !== thumbprint) {
    const expected = `the key ${String(kid)}, which has that thumbprint`
    throw new LogFault({
      check: 'key',
      file,
      expected,
      found: `a key whose thumbprint is ${thumbprint}`,
    })
  }
  return {
    key: publicKey(required, file),
    // RFC 9864 renames EdDSA.
    algorithms: isEc ? ['ES256'] : ['Ed25519', 'EdDSA'],
    nbf: seconds(jwk['nbf']) ?? 0,
    exp: seconds(jwk['exp']) ?? Infinity,
    revokedAt: revokedAt(jwk['revoked']),
    x,
  }
}

/** RFC 7638, of the kinds of key that sign leaves. */
export function thumbprintOf({ kty, crv, x, y }: Members): string {
  const required = kty === 'EC' ? { crv, kty, x, y } : { crv, kty, x }
  return hash('sha256', JSON.stringify(required), 'base64url')
}

/** OpenID Federation 1.0, section 8.7.2; a word that cannot be read is taken for the worst. */
function revokedAt(revoked: unknown): number | null {
  if (revoked === undefined) return null
  const { revoked_at: at } = Object(revoked) as Members
  return seconds(at) ?? 0
}

function publicKey(jwk: Members, file: string): KeyObject {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' })
  } catch {
    const found = `${JSON.stringify(jwk)}, which is none`
    throw new LogFault({ check: 'key', file, expected: 'keys that can be read', found })
  }
}

function seconds(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null
}
