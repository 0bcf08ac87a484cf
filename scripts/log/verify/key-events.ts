// What leaves say of the keys that sign them: each key is introduced by one before it, signs in its turn alone, and nothing
// once a leaf has ended or revoked it. A fold; the key set that is served may be newer than the log, and never older.

import { KeyRevocation, KeyRotation } from '../../../service/contract/signing-key.ts'
import { compileChecker } from '../../../service/contract/validate.ts'
import { LogFault } from '../log-fault.ts'
import { instantText } from '../printable.ts'
import type { ReadLeaf } from '../read/read-leaf.ts'
import { type KeyHistory, thumbprintOf } from './key-history.ts'

interface Started {
  readonly nbf: number
  readonly signsFrom: number
  exp: number
  /** The leaf that ended or revoked it. */
  over: number | null
}

/** A key that introduced itself although another had signed before it: the auditor asks somebody whom he trusts. */
export interface Introduced {
  readonly kid: string
  readonly index: number
}

const isRotation = compileChecker(KeyRotation)
const isRevocation = compileChecker(KeyRevocation)

export class KeyEvents {
  readonly #noteKey: string
  readonly #isCut: boolean
  readonly #started = new Map<string, Started>()
  /** The earliest moment from which each key is said to be compromised. */
  readonly #revoked = new Map<string, number>()
  readonly #introduced: Introduced[] = []

  /**
   * @param noteKey the verifier key that checkpoints are held against
   * @param first the first entry that is read: keys that were started before it are not known
   */
  constructor(noteKey: string, first = 0) {
    this.#noteKey = noteKey
    this.#isCut = first > 0
  }

  /** Keys that introduced themselves although there was one before them. */
  get introduced(): readonly Introduced[] {
    return this.#introduced
  }

  /** Takes the next leaf, whose signature was found to be right. @throws LogFault */
  check({ header: { kid }, leaf }: ReadLeaf): void {
    const { index, iat } = leaf
    const rotation = leaf.kind === 'key_rotation' ? rotationIn(index, leaf.event) : null
    this.#checkTurn(kid, { index, iat }, rotation)
    if (rotation !== null) this.#rotate(rotation, { kid, index })
    if (leaf.kind === 'key_revocation') this.#revoke(index, iat, leaf.event)
  }

  /** Holds the key set against all that the leaves said. @throws LogFault when it is older than they are, or smoother. */
  finish(keys: KeyHistory): void {
    const file = 'keys/jwks.json'
    for (const [kid, { exp }] of this.#started) {
      const served = keys.window(kid)
      const isOlder = served === null || served.exp > exp
      if (isOlder) {
        const expected = `the key ${kid} until ${instantText(exp)}, as the leaves have it`
        const found = served === null ? 'no such key' : `until ${untilText(served.exp)}`
        throw new LogFault({ check: 'key', file, expected, found })
      }
    }
    for (const [kid, at] of this.#revoked) {
      const served = keys.window(kid)?.revokedAt ?? null
      if (served !== null && served <= at) continue
      const expected = `the key ${kid} revoked from ${instantText(at)}, as a leaf has it`
      const found = served === null ? 'not revoked' : instantText(served)
      throw new LogFault({ check: 'key', file, expected, found })
    }
  }

  #checkTurn(
    kid: string,
    { index, iat }: { readonly index: number; readonly iat: number },
    rotation: KeyRotation | null,
  ): void {
    if (this.#started.size === 0) return
    const turn = [...this.#started].findLast(([, key]) => key.over === null && key.signsFrom <= iat)
    if (turn === undefined && this.#isUnknown(kid)) return
    const canSign = turn !== undefined && iat < turn[1].exp
    if (canSign && turn[0] === kid) return
    // A key that has ended cannot speak for its successor.
    const isStart = rotation !== null && 'key' in rotation && rotation.key.kid === kid
    if (!canSign && isStart) return
    const expected = canSign
      ? `a leaf signed by ${turn[0]}, whose turn it is`
      : 'no leaf before a new key is introduced'
    throw new LogFault({ check: 'key', index, expected, found: `one signed by ${kid}` })
  }

  /** Of a log whose first entries are not read: one that was started before signs until the next one's turn. */
  #isUnknown(kid: string): boolean {
    return this.#isCut && !this.#started.has(kid)
  }

  #rotate(
    event: KeyRotation,
    { kid, index }: { readonly kid: string; readonly index: number },
  ): void {
    if (event.change === 'end') {
      const key = this.#started.get(event.kid)
      if (key === undefined && this.#isCut) return
      // A window that was told never grows.
      if (key?.over === null && event.exp <= key.exp) {
        key.exp = event.exp
        key.over = index
      } else {
        const expected = 'the end of a key that was started, and not after its own'
        throw new LogFault({ check: 'key', index, expected, found: event.kid })
      }
    } else if (event.use === 'note') {
      if (event.vkey !== this.#noteKey) {
        const expected = `the note key ${this.#noteKey}`
        throw new LogFault({ check: 'note_key', index, expected, found: event.vkey })
      }
    } else {
      this.#start(event, { kid, index })
    }
  }

  #start(
    { key, nbf, signs_from: signsFrom, exp }: Extract<KeyRotation, { readonly key: unknown }>,
    { kid, index }: { readonly kid: string; readonly index: number },
  ): void {
    const found = thumbprintOf(key)
    if (found !== key.kid || this.#started.has(key.kid)) {
      const expected = 'a new key under its own thumbprint'
      throw new LogFault({ check: 'key', index, expected, found: `${key.kid}, which is ${found}` })
    }
    if (this.#started.size > 0 && kid === key.kid) this.#introduced.push({ kid, index })
    this.#started.set(key.kid, { nbf, signsFrom, exp, over: null })
  }

  #revoke(index: number, iat: number, event: Readonly<Record<string, unknown>>): void {
    const checked = isRevocation(event)
    const key = checked.ok ? this.#started.get(checked.value.kid) : undefined
    if (!checked.ok || (key === undefined && !this.#isCut)) {
      const expected = 'the revocation of a key that was started'
      throw new LogFault({ check: 'key', index, expected, found: String(event['kid']) })
    }
    const { kid, compromised_at: at } = checked.value
    this.#revoked.set(kid, Math.min(at, this.#revoked.get(kid) ?? at))
    if (key === undefined) return
    key.exp = Math.min(key.exp, iat + 1)
    key.over ??= index
  }
}

function rotationIn(index: number, event: unknown): KeyRotation {
  const checked = isRotation(event)
  if (checked.ok) return checked.value
  const [fault] = checked.faults
  const found = `${fault?.pointer ?? ''} ${fault?.reason ?? ''}`
  throw new LogFault({ check: 'key', index, expected: 'what begins or ends a key', found })
}

function untilText(seconds: number): string {
  return seconds === Infinity ? 'no end' : instantText(seconds)
}
