/** A query as OPA's object of it: gqlparser's ast/operation.go, fragment.go and selection.go. */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type InlineFragmentNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  TokenKind,
  type VariableDefinitionNode,
} from 'graphql/language'
import type { RegoObject, RegoValue } from '../../rego-value.ts'
import { commentBefore, each, objectOf } from './node-value.ts'
import { argumentValue, directiveValue, typeValue, valueValue } from './value-value.ts'

export function queryValue({ definitions }: DocumentNode): RegoObject {
  return objectOf({
    Operations: definitions.flatMap((node) =>
      node.kind === Kind.OPERATION_DEFINITION ? [operationValue(node)] : [],
    ),
    Fragments: definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [fragmentValue(node)] : [],
    ),
  })
}

function operationValue(node: OperationDefinitionNode): RegoObject {
  // gqlparser loses what stands before an operation that begins with its braces.
  const isShort = node.loc?.startToken.kind === TokenKind.BRACE_L
  return objectOf({
    Operation: node.operation,
    Name: node.name?.value ?? '',
    VariableDefinitions: each(node.variableDefinitions, variableValue),
    Directives: each(node.directives, directiveValue),
    SelectionSet: selectionValues(node.selectionSet),
    Comment: isShort ? undefined : commentBefore(node),
  })
}

function fragmentValue(node: FragmentDefinitionNode): RegoObject {
  return objectOf({
    Name: node.name.value,
    VariableDefinition: each(node.variableDefinitions, variableValue),
    TypeCondition: node.typeCondition.name.value,
    Directives: each(node.directives, directiveValue),
    SelectionSet: selectionValues(node.selectionSet),
    Comment: commentBefore(node),
  })
}

function variableValue(node: VariableDefinitionNode): RegoObject {
  return objectOf({
    Variable: node.variable.name.value,
    Type: typeValue(node.type),
    DefaultValue: node.defaultValue === undefined ? undefined : valueValue(node.defaultValue),
    Directives: each(node.directives, directiveValue),
    Comment: commentBefore(node),
    Used: false,
  })
}

function selectionValues(node: SelectionSetNode | undefined): readonly RegoValue[] {
  return each(node?.selections, selectionValue)
}

function selectionValue(node: SelectionNode): RegoObject {
  switch (node.kind) {
    case Kind.FIELD:
      return fieldValue(node)
    case Kind.INLINE_FRAGMENT:
      return inlineValue(node)
    case Kind.FRAGMENT_SPREAD:
      return objectOf({
        Name: node.name.value,
        Directives: each(node.directives, directiveValue),
        Comment: commentBefore(node),
      })
  }
}

function fieldValue(node: FieldNode): RegoObject {
  return objectOf({
    Alias: node.alias?.value ?? node.name.value,
    Name: node.name.value,
    Arguments: each(node.arguments, argumentValue),
    Directives: each(node.directives, directiveValue),
    SelectionSet: selectionValues(node.selectionSet),
    Comment: commentBefore(node),
  })
}

function inlineValue(node: InlineFragmentNode): RegoObject {
  return objectOf({
    TypeCondition: node.typeCondition?.name.value ?? '',
    Directives: each(node.directives, directiveValue),
    SelectionSet: selectionValues(node.selectionSet),
    Comment: commentBefore(node),
  })
}
