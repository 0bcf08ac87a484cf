/**
 * `object.subset` (OPA's v1/topdown/subset.go). One answer is as documented and not as OPA 1.22 gives it: an array
 * that has one member of a set twice does not have another for that.
 */
import {
  BuiltinError,
  type Builtins,
  compare,
  RegoObject,
  RegoSet,
  type RegoValue,
} from '../rego-value.ts'

export const objectBuiltins: Builtins = {
  'object.subset': (_context, whole, part) => {
    const answer =
      Array.isArray(whole) && part instanceof RegoSet
        ? isSubset(new RegoSet(whole as readonly RegoValue[]), part)
        : isSubset(whole, part)
    if (answer === null)
      throw new BuiltinError('both arguments must be of the same type or array and set')
    return answer
  },
}

/** Null for kinds that have no subsets, or two different ones. */
function isSubset(whole: RegoValue, part: RegoValue): boolean | null {
  if (whole instanceof RegoObject && part instanceof RegoObject) return hasEntries(whole, part)
  if (whole instanceof RegoSet && part instanceof RegoSet)
    return part.members.every((member) => whole.has(member))
  if (Array.isArray(whole) && Array.isArray(part))
    return hasRun(whole as readonly RegoValue[], part as readonly RegoValue[])
  return null
}

/** Each entry is there: its value is the same, or a subset in turn. */
function hasEntries(whole: RegoObject, part: RegoObject): boolean {
  return part.entries.every(([key, value]) => {
    const other = whole.get(key)
    if (other === undefined) return false
    return compare(other, value) === 0 || isSubset(other, value) === true
  })
}

/** The items are there, one behind the other. */
function hasRun(whole: readonly RegoValue[], part: readonly RegoValue[]): boolean {
  for (let from = 0; from + part.length <= whole.length; from += 1)
    if (part.every((item, i) => compare(whole[from + i] ?? null, item) === 0)) return true
  return false
}
