// A schema of the contract as editors read one best: JSON Schema draft-07, alternatives of text as `enum`, so that
// they complete them, and the members of a record as `additionalProperties`.

type Json = Readonly<Record<string, unknown>>

const draft = 'http://json-schema.org/draft-07/schema#'

export function forEditor(schema: unknown, title: string): Json {
  return { $schema: draft, title, ...mapped(schema as Json) }
}

/**
 * Of a file that holds a part: parts are merged member by member, so that each may leave to another what must be
 * there. A list comes whole from one file, and so must its items be whole.
 */
export function partForEditor(schema: unknown, title: string): Json {
  return forEditor(partial(schema as Json), title)
}

function partial(schema: Json): Json {
  if (schema['type'] !== 'object') return schema
  const { required: _required, ...rest } = schema
  return withMembers(rest, partial)
}

function mapped(schema: Json): Json {
  const { anyOf, items } = schema
  if (Array.isArray(anyOf)) return alternatives(schema, anyOf as readonly Json[])
  if (items !== undefined) return { ...schema, items: mapped(items as Json) }
  const { patternProperties, ...rest } = withMembers(schema, mapped)
  const [ofEach] = Object.values((patternProperties ?? {}) as Json)
  return ofEach === undefined ? rest : { ...rest, additionalProperties: ofEach }
}

function alternatives(schema: Json, anyOf: readonly Json[]): Json {
  if (!anyOf.every((one) => typeof one['const'] === 'string'))
    return { ...schema, anyOf: anyOf.map(mapped) }
  const { anyOf: _anyOf, ...rest } = schema
  return { ...rest, type: 'string', enum: anyOf.map((one) => one['const']) }
}

function withMembers(schema: Json, change: (member: Json) => Json): Json {
  const changed = ['properties', 'patternProperties'].flatMap((name) => {
    const members = schema[name]
    if (members === undefined) return []
    const entries = Object.entries(members as Readonly<Record<string, Json>>)
    return [[name, Object.fromEntries(entries.map(([key, member]) => [key, change(member)]))]]
  })
  return { ...schema, ...(Object.fromEntries(changed) as Json) }
}
