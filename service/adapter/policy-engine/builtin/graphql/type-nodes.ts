/** The types of a schema by the kinds that OPA names them by; an extension is written like what it extends. */
import type { DocumentNode, TypeDefinitionNode, TypeExtensionNode } from 'graphql/language'

/** gqlparser's names of kinds, which are also the locations where directives stand. */
export type TypeKind = 'SCALAR' | 'OBJECT' | 'INTERFACE' | 'UNION' | 'ENUM' | 'INPUT_OBJECT'

export type TypeNodeOfSchema = TypeDefinitionNode | TypeExtensionNode

const kinds: Readonly<Record<TypeNodeOfSchema['kind'], TypeKind>> = {
  ScalarTypeDefinition: 'SCALAR',
  ObjectTypeDefinition: 'OBJECT',
  InterfaceTypeDefinition: 'INTERFACE',
  UnionTypeDefinition: 'UNION',
  EnumTypeDefinition: 'ENUM',
  InputObjectTypeDefinition: 'INPUT_OBJECT',
  ScalarTypeExtension: 'SCALAR',
  ObjectTypeExtension: 'OBJECT',
  InterfaceTypeExtension: 'INTERFACE',
  UnionTypeExtension: 'UNION',
  EnumTypeExtension: 'ENUM',
  InputObjectTypeExtension: 'INPUT_OBJECT',
}

export function kindOf(node: TypeNodeOfSchema): TypeKind {
  return kinds[node.kind]
}

export function typeDefinitions({ definitions }: DocumentNode): readonly TypeDefinitionNode[] {
  return definitions.filter(
    (node): node is TypeDefinitionNode =>
      Object.hasOwn(kinds, node.kind) && node.kind.endsWith('Definition'),
  )
}

export function typeExtensions({ definitions }: DocumentNode): readonly TypeExtensionNode[] {
  return definitions.filter(
    (node): node is TypeExtensionNode =>
      Object.hasOwn(kinds, node.kind) && node.kind.endsWith('Extension'),
  )
}
