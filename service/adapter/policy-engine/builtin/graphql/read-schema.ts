/** A schema out of OPA's object of it: the reverse of `schema-value.ts`. */
import {
  type DefinitionNode,
  type DirectiveDefinitionNode,
  type DocumentNode,
  Kind,
  type OperationTypeDefinitionNode,
  type SchemaDefinitionNode,
  type SchemaExtensionNode,
} from 'graphql/language'
import type { RegoObject } from '../../rego-value.ts'
import { flagMember, nameNode, objectsMember, textMember, textsMember } from './go-object.ts'
import {
  described,
  readArgumentDefinitions,
  readDefinition,
  readExtension,
} from './read-definition.ts'
import { operationType } from './read-query.ts'
import { namedType, readConstDirectives } from './read-value.ts'

/** @throws DocumentFault */
export function readSchema(object: RegoObject): DocumentNode {
  const definitions: DefinitionNode[] = [
    ...objectsMember(object, 'Schema', (schema): SchemaDefinitionNode => ({
      kind: Kind.SCHEMA_DEFINITION,
      ...described(schema),
      directives: readConstDirectives(schema),
      operationTypes: readRoots(schema),
    })),
    ...objectsMember(object, 'SchemaExtension', (schema): SchemaExtensionNode => ({
      kind: Kind.SCHEMA_EXTENSION,
      directives: readConstDirectives(schema),
      operationTypes: readRoots(schema),
    })),
    ...objectsMember(object, 'Directives', readDirectiveDefinition),
    ...objectsMember(object, 'Definitions', readDefinition),
    ...objectsMember(object, 'Extensions', readExtension),
  ]
  return { kind: Kind.DOCUMENT, definitions }
}

function readRoots(object: RegoObject): readonly OperationTypeDefinitionNode[] {
  return objectsMember(object, 'OperationTypes', (root) => ({
    kind: Kind.OPERATION_TYPE_DEFINITION,
    operation: operationType(textMember(root, 'Operation')),
    type: namedType(textMember(root, 'Type')),
  }))
}

function readDirectiveDefinition(object: RegoObject): DirectiveDefinitionNode {
  return {
    kind: Kind.DIRECTIVE_DEFINITION,
    ...described(object),
    name: nameNode(textMember(object, 'Name')),
    arguments: readArgumentDefinitions(object),
    repeatable: flagMember(object, 'IsRepeatable'),
    locations: textsMember(object, 'Locations').map(nameNode),
  }
}
