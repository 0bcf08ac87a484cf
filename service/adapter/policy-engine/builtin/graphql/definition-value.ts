/** A type, or an extension of one, as OPA's object: gqlparser's ast/definition.go. */
import type { RegoObject, RegoValue } from '../../rego-value.ts'
import {
  argumentDefinitionValue,
  commentAtEnd,
  commentsOf,
  enumValueValue,
  fieldDefinitionValue,
} from './member-value.ts'
import { each, objectOf } from './node-value.ts'
import { kindOf, type TypeNodeOfSchema } from './type-nodes.ts'
import { directiveValue } from './value-value.ts'

export function definitionValue(node: TypeNodeOfSchema): RegoObject {
  return objectOf({
    Kind: kindOf(node),
    Description: 'description' in node ? (node.description?.value ?? '') : '',
    Name: node.name.value,
    Directives: each(node.directives, directiveValue),
    Interfaces: 'interfaces' in node ? each(node.interfaces, ({ name }) => name.value) : [],
    Fields: fieldValues(node),
    Types: 'types' in node ? each(node.types, ({ name }) => name.value) : [],
    EnumValues: 'values' in node ? each(node.values, enumValueValue) : [],
    BuiltIn: false,
    ...commentsOf(node),
    EndOfDefinitionComment: commentAtEnd(node.loc?.endToken),
  })
}

function fieldValues(node: TypeNodeOfSchema): readonly RegoValue[] {
  switch (node.kind) {
    case 'ObjectTypeDefinition':
    case 'ObjectTypeExtension':
    case 'InterfaceTypeDefinition':
    case 'InterfaceTypeExtension':
      return each(node.fields, fieldDefinitionValue)
    case 'InputObjectTypeDefinition':
    case 'InputObjectTypeExtension':
      return each(node.fields, argumentDefinitionValue)
    default:
      return []
  }
}
