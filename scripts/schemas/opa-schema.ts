// A schema of the contract as OPA's type checker reads one: type, properties, required, items, anyOf. It knows no
// `enum`, `const`, `pattern` or bounds, and a record of names is an object that it leaves open.

type Json = Record<string, unknown>

export function forOpa(schema: unknown): unknown {
  const { type, properties, required, items, anyOf, const: literal } = schema as Json
  if (literal !== undefined) return { type: typeof literal }
  if (Array.isArray(anyOf)) return mergeAlternatives(anyOf.map(forOpa) as Json[])
  if (type === 'object' && properties === undefined) return { type }
  return {
    ...(type === undefined ? {} : { type }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties as Json).map(([name, member]) => [name, forOpa(member)]),
          ),
          required,
          additionalProperties: false,
        }),
    ...(items === undefined ? {} : { items: forOpa(items) }),
  }
}

/** Literals of one type are that type; real alternatives stay. */
function mergeAlternatives(alternatives: readonly Json[]): Json {
  const distinct = [...new Map(alternatives.map((one) => [JSON.stringify(one), one])).values()]
  return distinct.length === 1 && distinct[0] !== undefined ? distinct[0] : { anyOf: distinct }
}
