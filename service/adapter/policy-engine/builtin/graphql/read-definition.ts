/** A type, or an extension of one, out of OPA's object of it: the reverse of `definition-value.ts`. */
import {
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  type NamedTypeNode,
  type StringValueNode,
  type TypeDefinitionNode,
  type TypeExtensionNode,
} from 'graphql/language'
import type { RegoObject } from '../../rego-value.ts'
import { DocumentFault } from './document-fault.ts'
import { nameNode, objectsMember, requiredMember, textMember, textsMember } from './go-object.ts'
import { namedType, readConstDirectives, readDefaultValue, readType } from './read-value.ts'

/** @throws DocumentFault */
export function readDefinition(object: RegoObject): TypeDefinitionNode {
  const common = {
    ...described(object),
    name: nameNode(textMember(object, 'Name')),
    directives: readConstDirectives(object),
  }
  switch (textMember(object, 'Kind')) {
    case 'SCALAR':
      return { kind: Kind.SCALAR_TYPE_DEFINITION, ...common }
    case 'OBJECT':
      return { kind: Kind.OBJECT_TYPE_DEFINITION, ...common, ...readFields(object) }
    case 'INTERFACE':
      return { kind: Kind.INTERFACE_TYPE_DEFINITION, ...common, ...readFields(object) }
    case 'UNION':
      return { kind: Kind.UNION_TYPE_DEFINITION, ...common, types: readNames(object, 'Types') }
    case 'ENUM':
      return { kind: Kind.ENUM_TYPE_DEFINITION, ...common, values: readEnumValues(object) }
    case 'INPUT_OBJECT':
      return {
        kind: Kind.INPUT_OBJECT_TYPE_DEFINITION,
        ...common,
        fields: objectsMember(object, 'Fields', readInputValue),
      }
    default:
      throw new DocumentFault('there is no such kind of type')
  }
}

/** @throws DocumentFault */
export function readExtension(object: RegoObject): TypeExtensionNode {
  const { description: _, ...node } = readDefinition(object)
  const kind = node.kind.replace('Definition', 'Extension')
  return { ...node, kind } as unknown as TypeExtensionNode
}

export function described(object: RegoObject): { readonly description?: StringValueNode } {
  const value = textMember(object, 'Description')
  return value === '' ? {} : { description: { kind: Kind.STRING, value } }
}

function readFields(object: RegoObject): {
  readonly interfaces: readonly NamedTypeNode[]
  readonly fields: readonly FieldDefinitionNode[]
} {
  return {
    interfaces: readNames(object, 'Interfaces'),
    fields: objectsMember(object, 'Fields', (field) => ({
      kind: Kind.FIELD_DEFINITION,
      ...described(field),
      name: nameNode(textMember(field, 'Name')),
      arguments: readArgumentDefinitions(field),
      type: readType(requiredMember(field, 'Type')),
      directives: readConstDirectives(field),
    })),
  }
}

function readNames(object: RegoObject, name: string): readonly NamedTypeNode[] {
  return textsMember(object, name).map(namedType)
}

function readEnumValues(object: RegoObject): readonly EnumValueDefinitionNode[] {
  return objectsMember(object, 'EnumValues', (value) => ({
    kind: Kind.ENUM_VALUE_DEFINITION,
    ...described(value),
    name: nameNode(textMember(value, 'Name')),
    directives: readConstDirectives(value),
  }))
}

export function readArgumentDefinitions(object: RegoObject): readonly InputValueDefinitionNode[] {
  return objectsMember(object, 'Arguments', readInputValue)
}

function readInputValue(object: RegoObject): InputValueDefinitionNode {
  return {
    kind: Kind.INPUT_VALUE_DEFINITION,
    ...described(object),
    name: nameNode(textMember(object, 'Name')),
    type: readType(requiredMember(object, 'Type')),
    defaultValue: readDefaultValue(object),
    directives: readConstDirectives(object),
  }
}
