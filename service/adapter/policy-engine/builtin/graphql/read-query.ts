/**
 * A query out of OPA's object of it. OPA reads every selection as a field, whatever it was (gqlparser's
 * ast/decode.go): a fragment in such an object names a field that does not exist, and the query is invalid.
 */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
  type VariableDefinitionNode,
} from 'graphql/language'
import type { RegoObject } from '../../rego-value.ts'
import { DocumentFault } from './document-fault.ts'
import { nameNode, objectsMember, requiredMember, textMember } from './go-object.ts'
import {
  namedType,
  readArguments,
  readConstDirectives,
  readDefaultValue,
  readDirectives,
  readType,
} from './read-value.ts'

/** @throws DocumentFault */
export function readQuery(object: RegoObject): DocumentNode {
  return {
    kind: Kind.DOCUMENT,
    definitions: [
      ...objectsMember(object, 'Operations', readOperation),
      ...objectsMember(object, 'Fragments', readFragment),
    ],
  }
}

function readOperation(object: RegoObject): OperationDefinitionNode {
  const name = textMember(object, 'Name')
  return {
    kind: Kind.OPERATION_DEFINITION,
    operation: operationType(textMember(object, 'Operation')),
    ...(name === '' ? {} : { name: nameNode(name) }),
    variableDefinitions: objectsMember(object, 'VariableDefinitions', readVariable),
    directives: readDirectives(object),
    selectionSet: readSelections(object),
  }
}

/** @throws DocumentFault */
export function operationType(name: string): OperationTypeNode {
  const found = Object.values(OperationTypeNode).find((type) => type === name)
  if (found === undefined) throw new DocumentFault('there is no such operation')
  return found
}

function readFragment(object: RegoObject): FragmentDefinitionNode {
  return {
    kind: Kind.FRAGMENT_DEFINITION,
    name: nameNode(textMember(object, 'Name')),
    variableDefinitions: objectsMember(object, 'VariableDefinition', readVariable),
    typeCondition: namedType(textMember(object, 'TypeCondition')),
    directives: readDirectives(object),
    selectionSet: readSelections(object),
  }
}

function readVariable(object: RegoObject): VariableDefinitionNode {
  return {
    kind: Kind.VARIABLE_DEFINITION,
    variable: { kind: Kind.VARIABLE, name: nameNode(textMember(object, 'Variable')) },
    type: readType(requiredMember(object, 'Type')),
    defaultValue: readDefaultValue(object),
    directives: readConstDirectives(object),
  }
}

function readSelections(object: RegoObject): SelectionSetNode {
  return { kind: Kind.SELECTION_SET, selections: objectsMember(object, 'SelectionSet', readField) }
}

function readField(object: RegoObject): FieldNode {
  const selectionSet = readSelections(object)
  return {
    kind: Kind.FIELD,
    alias: nameNode(textMember(object, 'Alias')),
    name: nameNode(textMember(object, 'Name')),
    arguments: readArguments(object),
    directives: readDirectives(object),
    ...(selectionSet.selections.length === 0 ? {} : { selectionSet }),
  }
}
