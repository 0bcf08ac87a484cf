// Objects laid over objects, member by member, as Rego's `object.union` does, and a member taken away.

export type Json = Record<string, unknown>

/** Members of the second over those of the first. */
export function merge(under: Json, over: Json): Json {
  const merged: Json = { ...under }
  for (const [name, value] of Object.entries(over)) {
    const before = merged[name]
    merged[name] = isObject(before) && isObject(value) ? merge(before, value) : value
  }
  return merged
}

/** A copy without the member at the path; what is not there is not missed. */
export function without(from: Json, [name = '', ...rest]: readonly string[]): Json {
  const { [name]: member, ...others } = from
  if (rest.length === 0) return others
  return isObject(member) ? { ...from, [name]: without(member, rest) } : from
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
