/** The types of a schema with their extensions merged in, and the types and directives that every schema has. */
import {
  type ConstDirectiveNode,
  type DirectiveDefinitionNode,
  type DocumentNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  parse,
  type TypeNode,
} from 'graphql/language'
import { refuseIf } from './document-fault.ts'
import {
  kindOf,
  typeDefinitions,
  typeExtensions,
  type TypeKind,
  type TypeNodeOfSchema,
} from './type-nodes.ts'

export type SchemaType = {
  readonly name: string
  readonly kind: TypeKind
  readonly isBuiltIn: boolean
  readonly directives: ConstDirectiveNode[]
  readonly interfaces: string[]
  readonly fields: (FieldDefinitionNode | InputValueDefinitionNode)[]
  readonly members: string[]
  readonly values: EnumValueDefinitionNode[]
}

export type SchemaTypes = ReadonlyMap<string, SchemaType>
export type SchemaDirectives = ReadonlyMap<string, DirectiveDefinitionNode>

/** What a schema is checked against: all of itself. */
export type Checked = { readonly types: SchemaTypes; readonly directives: SchemaDirectives }

/** GraphQL's own scalars and the types of introspection (specification of October 2021, 3.5 and 4.2). */
const builtInTypes: Readonly<Record<string, TypeKind>> = {
  Int: 'SCALAR',
  Float: 'SCALAR',
  String: 'SCALAR',
  Boolean: 'SCALAR',
  ID: 'SCALAR',
  __Schema: 'OBJECT',
  __Type: 'OBJECT',
  __TypeKind: 'ENUM',
  __Field: 'OBJECT',
  __InputValue: 'OBJECT',
  __EnumValue: 'OBJECT',
  __Directive: 'OBJECT',
  __DirectiveLocation: 'ENUM',
}

/** The directives that gqlparser's prelude declares; the library knows no @defer unless a schema declares it. */
export const builtInDirectives: readonly DirectiveDefinitionNode[] = parse(`
  directive @defer(if: Boolean = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
  directive @include(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
  directive @skip(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
  directive @deprecated(reason: String = "No longer supported")
    on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
  directive @specifiedBy(url: String!) on SCALAR
  directive @oneOf on INPUT_OBJECT
`).definitions.filter((node) => node.kind === Kind.DIRECTIVE_DEFINITION)

/** @throws DocumentFault when a type is declared twice, or extended as what it is not */
export function mergeTypes(document: DocumentNode): SchemaTypes {
  const types = new Map<string, SchemaType>()
  for (const [name, kind] of Object.entries(builtInTypes))
    types.set(name, emptyType(name, kind, true))
  for (const node of typeDefinitions(document)) {
    refuseIf(types.has(node.name.value), `${node.name.value} is declared twice`)
    types.set(node.name.value, merged(emptyType(node.name.value, kindOf(node), false), node))
  }
  for (const node of typeExtensions(document)) {
    const { value: name } = node.name
    const type = types.get(name) ?? emptyType(name, kindOf(node), false)
    refuseIf(type.kind !== kindOf(node), `${name} is extended as what it is not`)
    types.set(name, merged(type, node))
  }
  return types
}

function emptyType(name: string, kind: TypeKind, isBuiltIn: boolean): SchemaType {
  const lists = { directives: [], interfaces: [], fields: [], members: [], values: [] }
  return { name, kind, isBuiltIn, ...lists }
}

function merged(type: SchemaType, node: TypeNodeOfSchema): SchemaType {
  type.directives.push(...(node.directives ?? []))
  if ('interfaces' in node)
    type.interfaces.push(...(node.interfaces ?? []).map(({ name }) => name.value))
  if ('fields' in node) type.fields.push(...(node.fields ?? []))
  if ('types' in node) type.members.push(...(node.types ?? []).map(({ name }) => name.value))
  if ('values' in node) type.values.push(...(node.values ?? []))
  return type
}

/** A schema may declare a built-in directive anew, and then its own counts. */
export function mergeDirectives({ definitions }: DocumentNode): SchemaDirectives {
  const builtIn = new Set(builtInDirectives.map(({ name }) => name.value))
  const directives = new Map(builtInDirectives.map((node) => [node.name.value, node]))
  for (const node of definitions) {
    if (node.kind !== Kind.DIRECTIVE_DEFINITION) continue
    const { value: name } = node.name
    refuseIf(directives.has(name) && !builtIn.has(name), `@${name} is declared twice`)
    directives.set(name, node)
  }
  return directives
}

export function namedTypeOf(node: TypeNode): string {
  return node.kind === Kind.NAMED_TYPE ? node.name.value : namedTypeOf(node.type)
}
