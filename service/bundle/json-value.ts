/**
 * JSON without loss: numbers keep their source text, members keep any name, `__proto__` too.
 *
 * OPA hashes the literal text of a number, so a value that went through JSON.parse no longer verifies.
 */

/** A number as it was written. */
export type NumberLiteral = { readonly number: string }

export type JsonArray = readonly JsonValue[]
export type JsonObject = ReadonlyMap<string, JsonValue>
export type JsonValue = string | boolean | null | NumberLiteral | JsonArray | JsonObject

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return value instanceof Map
}

export function isArray(value: JsonValue | undefined): value is JsonArray {
  return Array.isArray(value)
}
