/** An input object that needs itself can never be given (specification of October 2021, 3.10). */
import { Kind } from 'graphql/language'
import { refuseIf } from './document-fault.ts'
import type { SchemaType, SchemaTypes } from './schema-types.ts'

export function checkInputCycles(types: SchemaTypes): void {
  const needed = new Map<string, readonly string[]>()
  for (const type of types.values())
    if (type.kind === 'INPUT_OBJECT') needed.set(type.name, neededBy(type))
  const finished = new Set<string>()
  for (const name of needed.keys()) visit(name, needed, new Set(), finished)
}

/** Lists and nullable fields may be empty. */
function neededBy({ fields }: SchemaType): readonly string[] {
  return fields.flatMap(({ type }) =>
    type.kind === Kind.NON_NULL_TYPE && type.type.kind === Kind.NAMED_TYPE
      ? [type.type.name.value]
      : [],
  )
}

function visit(
  name: string,
  needed: ReadonlyMap<string, readonly string[]>,
  path: Set<string>,
  finished: Set<string>,
): void {
  refuseIf(path.has(name), `${name} needs itself`)
  if (finished.has(name)) return
  path.add(name)
  for (const next of needed.get(name) ?? []) visit(next, needed, path, finished)
  path.delete(name)
  finished.add(name)
}
