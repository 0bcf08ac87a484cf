/** Results as Go's encoding/json writes them: bytes as base64, and nothing at all as null. */
import { RegoObject, type RegoValue } from '../../rego-value.ts'

export function objectFrom(members: Readonly<Record<string, RegoValue>>): RegoObject {
  return new RegoObject(Object.entries(members))
}

/** A nil slice and one that is not differ in Go, but not here: empty is null. */
export function listOrNull(items: readonly RegoValue[]): RegoValue {
  return items.length === 0 ? null : items
}

export function base64(bytes: Buffer): string {
  return bytes.toString('base64')
}

/** In dots to numbers: `2.5.4.3` is `[2, 5, 4, 3]`. */
export function numbersOf(identifier: string): readonly RegoValue[] {
  return identifier.split('.').map((number) => {
    const value = Number(number)
    return Number.isSafeInteger(value) ? value : BigInt(number)
  })
}
