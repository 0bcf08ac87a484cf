/** A type has what its interfaces promise (specification of October 2021, 3.6, as gqlparser checks it). */
import {
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  type TypeNode,
} from 'graphql/language'
import { DocumentFault, refuseIf } from './document-fault.ts'
import type { SchemaType, SchemaTypes } from './schema-types.ts'

type AnyField = FieldDefinitionNode | InputValueDefinitionNode

export function checkImplements(type: SchemaType, name: string, types: SchemaTypes): void {
  const promised = types.get(name)
  if (promised?.kind !== 'INTERFACE') throw new DocumentFault(`${name} is no interface`)
  const fields = new Map(type.fields.map((field) => [field.name.value, field]))
  for (const wanted of promised.fields) {
    const found = fields.get(wanted.name.value)
    if (found === undefined) throw new DocumentFault(`${wanted.name.value} is missing`)
    refuseIf(!isCovariant(wanted.type, found.type, types), `${wanted.name.value} has another type`)
    checkSameArguments(argumentsOf(wanted), argumentsOf(found))
  }
  for (const inherited of promised.interfaces)
    refuseIf(!type.interfaces.includes(inherited), `${inherited} is not implemented`)
}

function argumentsOf(field: AnyField): ReadonlyMap<string, InputValueDefinitionNode> {
  const nodes = 'arguments' in field ? (field.arguments ?? []) : []
  return new Map(nodes.map((node) => [node.name.value, node]))
}

function checkSameArguments(
  wanted: ReadonlyMap<string, InputValueDefinitionNode>,
  found: ReadonlyMap<string, InputValueDefinitionNode>,
): void {
  for (const [name, { type }] of wanted) {
    const own = found.get(name)
    refuseIf(own === undefined || !isCompatible(type, own.type), `argument ${name} differs`)
  }
  for (const [name, { type, defaultValue }] of found) {
    const isRequired = type.kind === Kind.NON_NULL_TYPE && defaultValue === undefined
    refuseIf(isRequired && !wanted.has(name), `argument ${name} is required`)
  }
}

function isCovariant(wanted: TypeNode, found: TypeNode, types: SchemaTypes): boolean {
  if (wanted.kind === Kind.NON_NULL_TYPE)
    return found.kind === Kind.NON_NULL_TYPE && isCovariant(wanted.type, found.type, types)
  const type = nullable(found)
  if (wanted.kind === Kind.LIST_TYPE)
    return type.kind === Kind.LIST_TYPE && isCovariant(wanted.type, type.type, types)
  return (
    type.kind === Kind.NAMED_TYPE &&
    (type.name.value === wanted.name.value || isPossible(type.name.value, wanted.name.value, types))
  )
}

/** Whether every value of a type is one of an interface or a union. */
function isPossible(name: string, wanted: string, types: SchemaTypes): boolean {
  const isMember = types.get(wanted)?.kind === 'UNION' && types.get(wanted)?.members.includes(name)
  return isMember === true || types.get(name)?.interfaces.includes(wanted) === true
}

/** gqlparser lets an argument be nullable where the interface has it required. */
function isCompatible(wanted: TypeNode, found: TypeNode): boolean {
  if (found.kind === Kind.NON_NULL_TYPE && wanted.kind !== Kind.NON_NULL_TYPE) return false
  const [a, b] = [nullable(wanted), nullable(found)]
  if (a.kind === Kind.NAMED_TYPE || b.kind === Kind.NAMED_TYPE)
    return a.kind === b.kind && 'name' in a && 'name' in b && a.name.value === b.name.value
  return isCompatible(a.type, b.type)
}

function nullable(node: TypeNode): Exclude<TypeNode, { kind: 'NonNullType' }> {
  return node.kind === Kind.NON_NULL_TYPE ? node.type : node
}
