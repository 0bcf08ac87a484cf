/** Values, types and directives out of OPA's objects: the reverse of `value-value.ts`. */
import {
  type ArgumentNode,
  type ConstArgumentNode,
  type ConstDirectiveNode,
  type ConstValueNode,
  type DirectiveNode,
  Kind,
  type ListTypeNode,
  type NamedTypeNode,
  type TypeNode,
  type ValueNode,
} from 'graphql/language'
import type { RegoObject } from '../../rego-value.ts'
import { DocumentFault, refuseIf } from './document-fault.ts'
import {
  countMember,
  flagMember,
  nameNode,
  objectMember,
  objectsMember,
  requiredMember,
  textMember,
} from './go-object.ts'
import { valueKinds } from './value-value.ts'

export function readType(object: RegoObject): TypeNode {
  const type = readNullable(object)
  return flagMember(object, 'NonNull') ? { kind: Kind.NON_NULL_TYPE, type } : type
}

function readNullable(object: RegoObject): NamedTypeNode | ListTypeNode {
  const name = textMember(object, 'NamedType')
  if (name !== '') return namedType(name)
  return { kind: Kind.LIST_TYPE, type: readType(requiredMember(object, 'Elem')) }
}

export function namedType(name: string): NamedTypeNode {
  return { kind: Kind.NAMED_TYPE, name: nameNode(name) }
}

export function readDirectives(object: RegoObject): readonly DirectiveNode[] {
  return objectsMember(object, 'Directives', (directive) => ({
    kind: Kind.DIRECTIVE,
    name: nameNode(textMember(directive, 'Name')),
    arguments: readArguments(directive),
  }))
}

export function readArguments(object: RegoObject): readonly ArgumentNode[] {
  return objectsMember(object, 'Arguments', (argument) => ({
    kind: Kind.ARGUMENT,
    name: nameNode(textMember(argument, 'Name')),
    value: readValue(requiredMember(argument, 'Value')),
  }))
}

/** In a schema a variable has no meaning. */
export function readConstDirectives(object: RegoObject): readonly ConstDirectiveNode[] {
  return readDirectives(object).map((directive) => ({
    ...directive,
    arguments: (directive.arguments ?? []).map((argument): ConstArgumentNode => ({
      ...argument,
      value: constantOf(argument.value),
    })),
  }))
}

export function readDefaultValue(object: RegoObject): ConstValueNode | undefined {
  const value = objectMember(object, 'DefaultValue')
  return value === undefined ? undefined : constantOf(readValue(value))
}

function constantOf(node: ValueNode): ConstValueNode {
  if (node.kind === Kind.VARIABLE) throw new DocumentFault('a variable stands where none may')
  if (node.kind === Kind.LIST) return { ...node, values: node.values.map(constantOf) }
  if (node.kind !== Kind.OBJECT) return node
  const fields = node.fields.map((field) => ({ ...field, value: constantOf(field.value) }))
  return { ...node, fields }
}

function readValue(object: RegoObject): ValueNode {
  const kind = valueKinds[countMember(object, 'Kind')]
  const value = textMember(object, 'Raw')
  switch (kind) {
    case undefined:
      throw new DocumentFault('there is no such kind of value')
    case 'Variable':
      return { kind: Kind.VARIABLE, name: nameNode(value) }
    case 'String':
    case 'Block':
      return { kind: Kind.STRING, value, block: kind === 'Block' }
    case 'Enum':
      return { kind: Kind.ENUM, value }
    case 'List':
    case 'Object':
      return readCompound(object, kind)
    default:
      return readWord(kind, value)
  }
}

const words = {
  Int: /^-?\d{1,400}$/,
  Float: /^-?\d{1,400}(\.\d{1,400})?([eE][+-]?\d{1,9})?$/,
  Boolean: /^(true|false)$/,
  Null: /^/,
} as const

function readWord(kind: keyof typeof words, value: string): ValueNode {
  refuseIf(!words[kind].test(value), `this is no ${kind}`)
  switch (kind) {
    case 'Int':
      return { kind: Kind.INT, value }
    case 'Float':
      return { kind: Kind.FLOAT, value }
    case 'Boolean':
      return { kind: Kind.BOOLEAN, value: value === 'true' }
    case 'Null':
      return { kind: Kind.NULL }
  }
}

function readCompound(object: RegoObject, kind: 'List' | 'Object'): ValueNode {
  const children = objectsMember(object, 'Children', (child) => ({
    name: nameNode(textMember(child, 'Name')),
    value: readValue(requiredMember(child, 'Value')),
  }))
  return kind === 'List'
    ? { kind: Kind.LIST, values: children.map(({ value }) => value) }
    : {
        kind: Kind.OBJECT,
        fields: children.map((child) => ({ kind: Kind.OBJECT_FIELD, ...child })),
      }
}
