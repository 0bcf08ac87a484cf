/** Values, types and directives as OPA's objects have them: gqlparser's ast/value.go, type.go and directive.go. */
import {
  type ArgumentNode,
  type DirectiveNode,
  Kind,
  type TypeNode,
  type ValueNode,
} from 'graphql/language'
import type { RegoObject } from '../../rego-value.ts'
import { commentBefore, each, objectOf } from './node-value.ts'

/** gqlparser's numbers of its kinds of values, in its order. */
export const valueKinds = [
  'Variable',
  'Int',
  'Float',
  'String',
  'Block',
  'Boolean',
  'Null',
  'Enum',
  'List',
  'Object',
] as const
type GoKind = (typeof valueKinds)[number]

export function typeValue(node: TypeNode): RegoObject {
  const isNonNull = node.kind === Kind.NON_NULL_TYPE
  const type = isNonNull ? node.type : node
  return type.kind === Kind.LIST_TYPE
    ? objectOf({ NamedType: '', Elem: typeValue(type.type), NonNull: isNonNull })
    : objectOf({ NamedType: type.name.value, NonNull: isNonNull })
}

export function directiveValue(node: DirectiveNode): RegoObject {
  return objectOf({
    Name: node.name.value,
    Arguments: each(node.arguments, argumentValue),
    Location: '',
  })
}

export function argumentValue(node: ArgumentNode): RegoObject {
  return objectOf({
    Name: node.name.value,
    Value: valueValue(node.value),
    Comment: commentBefore(node),
  })
}

export function valueValue(node: ValueNode): RegoObject {
  switch (node.kind) {
    case Kind.VARIABLE:
      return scalar('Variable', node.name.value)
    case Kind.INT:
      return scalar('Int', node.value)
    case Kind.FLOAT:
      return scalar('Float', node.value)
    case Kind.STRING:
      return scalar(node.block === true ? 'Block' : 'String', node.value)
    case Kind.BOOLEAN:
      return scalar('Boolean', String(node.value))
    case Kind.NULL:
      return scalar('Null', 'null')
    case Kind.ENUM:
      return scalar('Enum', node.value)
    case Kind.LIST:
    case Kind.OBJECT:
      return compound(node)
  }
}

function compound(node: Extract<ValueNode, { kind: 'ListValue' | 'ObjectValue' }>): RegoObject {
  const children =
    node.kind === Kind.LIST
      ? node.values.map((value) => objectOf({ Name: '', Value: valueValue(value) }))
      : each(node.fields, (field) =>
          objectOf({
            Name: field.name.value,
            Value: valueValue(field.value),
            Comment: commentBefore(field),
          }),
        )
  return objectOf({
    Raw: '',
    Children: children,
    Kind: valueKinds.indexOf(node.kind === Kind.LIST ? 'List' : 'Object'),
    Comment: commentBefore(node),
    ExpectedTypeHasDefault: false,
  })
}

function scalar(kind: GoKind, raw: string): RegoObject {
  return objectOf({ Raw: raw, Kind: valueKinds.indexOf(kind), ExpectedTypeHasDefault: false })
}
