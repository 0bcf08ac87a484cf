/** A schema as OPA's object of it: gqlparser's ast/document.go and definition.go. */
import {
  type DirectiveDefinitionNode,
  type DocumentNode,
  Kind,
  type SchemaDefinitionNode,
  type SchemaExtensionNode,
} from 'graphql/language'
import type { RegoObject } from '../../rego-value.ts'
import { definitionValue } from './definition-value.ts'
import { argumentDefinitionValue, commentAtEnd, commentsOf } from './member-value.ts'
import { commentBefore, commentBeforeToken, each, objectOf } from './node-value.ts'
import { typeDefinitions, typeExtensions } from './type-nodes.ts'
import { directiveValue } from './value-value.ts'

export function schemaValue(document: DocumentNode): RegoObject {
  const { definitions, loc } = document
  return objectOf({
    Schema: definitions.flatMap((node) =>
      node.kind === Kind.SCHEMA_DEFINITION ? [rootsValue(node)] : [],
    ),
    SchemaExtension: definitions.flatMap((node) =>
      node.kind === Kind.SCHEMA_EXTENSION ? [rootsValue(node)] : [],
    ),
    Directives: definitions.flatMap((node) =>
      node.kind === Kind.DIRECTIVE_DEFINITION ? [directiveDefinitionValue(node)] : [],
    ),
    Definitions: each(typeDefinitions(document), definitionValue),
    Extensions: each(typeExtensions(document), definitionValue),
    Comment: commentBeforeToken(loc?.endToken),
  })
}

function rootsValue(node: SchemaDefinitionNode | SchemaExtensionNode): RegoObject {
  return objectOf({
    Description: node.kind === Kind.SCHEMA_DEFINITION ? (node.description?.value ?? '') : '',
    Directives: each(node.directives, directiveValue),
    OperationTypes: each(node.operationTypes, (root) =>
      objectOf({
        Operation: root.operation,
        Type: root.type.name.value,
        Comment: commentBefore(root),
      }),
    ),
    ...commentsOf(node),
    EndOfDefinitionComment: commentAtEnd(node.loc?.endToken),
  })
}

function directiveDefinitionValue(node: DirectiveDefinitionNode): RegoObject {
  return objectOf({
    Description: node.description?.value ?? '',
    Name: node.name.value,
    Arguments: each(node.arguments, argumentDefinitionValue),
    Locations: node.locations.map(({ value }) => value),
    IsRepeatable: node.repeatable,
    ...commentsOf(node),
  })
}
