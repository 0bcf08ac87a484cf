/**
 * Values of Rego as host builtins take and give them: sets stay sets, object keys may be of any kind, and
 * integers are exact at any size. Order is OPA's (v1/ast/compare.go): null, booleans, numbers, strings, arrays,
 * objects, sets.
 */

/** Integers that a double cannot hold exactly are bigints; everything else is a number. */
export type RegoNumber = number | bigint

/**
 * A number and its text: OPA prints `1.0` and `1e2` as they are written, though they equal `1` and `100`. Only
 * a builtin that takes written numbers meets them.
 */
export class WrittenNumber {
  readonly text: string
  readonly value: RegoNumber

  constructor(text: string, value: RegoNumber) {
    this.text = text
    this.value = value
  }
}

export type RegoValue =
  null | boolean | RegoNumber | WrittenNumber | string | readonly RegoValue[] | RegoObject | RegoSet

/** Members in order, each once. */
export class RegoSet {
  readonly members: readonly RegoValue[]

  constructor(members: Iterable<RegoValue>) {
    const sorted = [...members].sort(compare)
    this.members = sorted.filter(
      (member, i) => i === 0 || compare(sorted[i - 1] ?? null, member) !== 0,
    )
  }

  has(value: RegoValue): boolean {
    return findSorted(this.members, value, (member) => member) !== undefined
  }
}

/** Entries in the order of their keys; of two with the same key the last one stands. */
export class RegoObject {
  readonly entries: readonly (readonly [RegoValue, RegoValue])[]
  readonly #byText: ReadonlyMap<string, RegoValue>

  constructor(entries: Iterable<readonly [RegoValue, RegoValue]>) {
    const sorted = [...entries].sort(([a], [b]) => compare(a, b))
    this.entries = sorted.filter(
      ([key], i) => i === sorted.length - 1 || compare(key, sorted[i + 1]?.[0] ?? null) !== 0,
    )
    this.#byText = new Map(
      this.entries.flatMap(([key, value]) => (typeof key === 'string' ? [[key, value]] : [])),
    )
  }

  get(key: RegoValue): RegoValue | undefined {
    if (typeof key === 'string') return this.#byText.get(key)
    return findSorted(this.entries, key, ([other]) => other)?.[1]
  }
}

/** By halving; undefined if no item has that key. */
function findSorted<T>(
  items: readonly T[],
  key: RegoValue,
  keyOf: (item: T) => RegoValue,
): T | undefined {
  let [low, high] = [0, items.length - 1]
  while (low <= high) {
    const middle = (low + high) >>> 1
    const item = items[middle] as T
    const order = compare(keyOf(item), key)
    if (order === 0) return item
    if (order < 0) low = middle + 1
    else high = middle - 1
  }
  return undefined
}

/** What a builtin fails with: undefined for that call, as in OPA without strict errors. */
export class BuiltinError extends Error {
  override readonly name = 'BuiltinError'
}

/** What a builtin will not make: a fault of the whole evaluation, as where OPA gives up. */
export class BuiltinLimit extends Error {
  override readonly name = 'BuiltinLimit'
}

/** What a builtin may know beside its operands; the same for every call of one query. */
export type BuiltinContext = {
  /** The query's time, in nanoseconds since the epoch. */
  readonly nowNs: () => bigint
  /** What everything that OPA draws at random is derived from. */
  readonly seed: () => string
}

/** Pure: neither clock, nor randomness, nor network. Undefined and BuiltinError mean undefined. */
export type Builtin = {
  (context: BuiltinContext, ...operands: readonly RegoValue[]): RegoValue | undefined
  /** It is given every number as a WrittenNumber. */
  readonly takesWritten?: true
}

type Call = (context: BuiltinContext, ...operands: readonly RegoValue[]) => RegoValue | undefined

/** A builtin that prints numbers, or hands them on: it is given them as they are written. */
export function takingWritten(call: Call): Builtin {
  return Object.assign(call.bind(null), { takesWritten: true as const })
}

export type Builtins = Readonly<Record<string, Builtin>>

/** Gives the builtins that a module calls, as far as there are any of these names. */
export type LoadBuiltins = (names: readonly string[]) => Promise<Builtins>

const order = ['null', 'boolean', 'number', 'string', 'array', 'object', 'set'] as const
export type RegoType = (typeof order)[number]

export function typeOf(value: RegoValue): RegoType {
  if (value === null) return 'null'
  if (typeof value === 'bigint' || value instanceof WrittenNumber) return 'number'
  if (typeof value !== 'object') return typeof value as 'boolean' | 'number' | 'string'
  if (value instanceof RegoSet) return 'set'
  return value instanceof RegoObject ? 'object' : 'array'
}

/** Below, at, or above zero. */
export function compare(a: RegoValue, b: RegoValue): number {
  const type = typeOf(a)
  const byType = order.indexOf(type) - order.indexOf(typeOf(b))
  if (byType !== 0) return byType
  switch (type) {
    case 'null':
      return 0
    case 'boolean':
    case 'number':
      return compareNumbers(numeric(a as AnyNumber), numeric(b as AnyNumber))
    case 'string':
      return compareTexts(a as string, b as string)
    case 'array':
      return compareLists(a as readonly RegoValue[], b as readonly RegoValue[])
    case 'object':
      return compareObjects(a as RegoObject, b as RegoObject)
    case 'set':
      return compareLists((a as RegoSet).members, (b as RegoSet).members)
  }
}

type AnyNumber = RegoNumber | WrittenNumber

function numeric(value: AnyNumber): RegoNumber {
  return value instanceof WrittenNumber ? value.value : value
}

/** JavaScript compares a number and a bigint exactly. */
function compareNumbers(a: RegoNumber, b: RegoNumber): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** By UTF-8 bytes, which is by code points; JavaScript's own order is by UTF-16 units. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0
  for (let i = 0; i < a.length && i < b.length; i += 1) {
    const [left, right] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (left === right) continue
    const isSurrogate = [left, right].map((unit) => unit >= 0xd800 && unit <= 0xdfff)
    if (isSurrogate[0] === isSurrogate[1]) return left - right
    // A surrogate stands for a code point above every other unit.
    return isSurrogate[0] === true ? 1 : -1
  }
  return a.length - b.length
}

function compareLists(a: readonly RegoValue[], b: readonly RegoValue[]): number {
  for (const [i, value] of a.entries()) {
    const other = b[i]
    if (other === undefined) return 1
    const result = compare(value, other)
    if (result !== 0) return result
  }
  return a.length - b.length
}

/** OPA goes over both key lists at once: first key against first key, then their values. */
function compareObjects(a: RegoObject, b: RegoObject): number {
  for (const [i, [key, value]] of a.entries.entries()) {
    const other = b.entries[i]
    if (other === undefined) return 1
    const result = compare(key, other[0]) || compare(value, other[1])
    if (result !== 0) return result
  }
  return a.entries.length - b.entries.length
}
