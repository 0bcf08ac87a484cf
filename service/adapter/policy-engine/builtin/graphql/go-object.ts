/**
 * Members of an object that policy hands in as a document, read as Go reads JSON into a struct: what is missing or null
 * is empty, unknown members are passed over, names match in any case, and a wrong type is refused.
 */
import { type NameNode, Kind } from 'graphql/language'
import { RegoObject, RegoSet, type RegoValue } from '../../rego-value.ts'
import { DocumentFault } from './document-fault.ts'

/** @throws DocumentFault when two members have the name: which of them Go takes depends on their order */
function memberOf(object: RegoObject, name: string): RegoValue {
  const wanted = name.toLowerCase()
  const found = object.entries.filter(
    ([key]) => typeof key === 'string' && key.toLowerCase() === wanted,
  )
  if (found.length > 1) throw new DocumentFault(`there is more than one ${name}`)
  return found[0]?.[1] ?? null
}

export function textMember(object: RegoObject, name: string): string {
  const value = memberOf(object, name)
  if (value === null) return ''
  if (typeof value === 'string') return value
  throw new DocumentFault(`${name} is no string`)
}

export function flagMember(object: RegoObject, name: string): boolean {
  const value = memberOf(object, name)
  if (value === null || typeof value === 'boolean') return value ?? false
  throw new DocumentFault(`${name} is no boolean`)
}

export function countMember(object: RegoObject, name: string): number {
  const value = memberOf(object, name)
  if (value === null) return 0
  if (typeof value === 'number' && Number.isInteger(value)) return value
  throw new DocumentFault(`${name} is no integer`)
}

export function objectMember(object: RegoObject, name: string): RegoObject | undefined {
  const value = memberOf(object, name)
  if (value === null) return undefined
  if (value instanceof RegoObject) return value
  throw new DocumentFault(`${name} is no object`)
}

export function requiredMember(object: RegoObject, name: string): RegoObject {
  const value = objectMember(object, name)
  if (value === undefined) throw new DocumentFault(`${name} is missing`)
  return value
}

/** A set becomes a list, as in JSON. */
function listMember(object: RegoObject, name: string): readonly RegoValue[] {
  const value = memberOf(object, name)
  if (value === null) return []
  if (value instanceof RegoSet) return value.members
  if (Array.isArray(value)) return value as readonly RegoValue[]
  throw new DocumentFault(`${name} is no list`)
}

/** An item that is null makes gqlparser fail. */
export function objectsMember<T>(
  object: RegoObject,
  name: string,
  read: (item: RegoObject) => T,
): readonly T[] {
  return listMember(object, name).map((item) => {
    if (item instanceof RegoObject) return read(item)
    throw new DocumentFault(`${name} has what is no object`)
  })
}

export function textsMember(object: RegoObject, name: string): readonly string[] {
  return listMember(object, name).map((item) => {
    if (typeof item === 'string') return item
    throw new DocumentFault(`${name} has what is no string`)
  })
}

export function nameNode(value: string): NameNode {
  return { kind: Kind.NAME, value }
}
