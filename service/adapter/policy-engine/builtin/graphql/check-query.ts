/** Whether a query is valid for a schema, by the library's rules as far as OPA has them. */
import { type DocumentNode, Kind } from 'graphql/language'
import { type GraphQLSchema, isObjectType } from 'graphql/type'
import * as rule from 'graphql/validation'
import { asked, refuseIf } from './document-fault.ts'
import { numbersFit } from './numbers-fit.ts'

/**
 * gqlparser's default rules (validator/rules/rules.go). Of the library's own set the others are left out: those of
 * @defer and @stream, which gqlparser does not have, and that of definitions in queries, which do not parse here.
 */
const rules: readonly rule.ValidationRule[] = [
  rule.FieldsOnCorrectTypeRule,
  rule.FragmentsOnCompositeTypesRule,
  rule.KnownArgumentNamesRule,
  rule.KnownDirectivesRule,
  rule.KnownFragmentNamesRule,
  rule.KnownOperationTypesRule,
  rule.KnownTypeNamesRule,
  rule.LoneAnonymousOperationRule,
  rule.MaxIntrospectionDepthRule,
  rule.NoFragmentCyclesRule,
  rule.NoUndefinedVariablesRule,
  rule.NoUnusedFragmentsRule,
  rule.NoUnusedVariablesRule,
  rule.OverlappingFieldsCanBeMergedRule,
  rule.PossibleFragmentSpreadsRule,
  rule.ProvidedRequiredArgumentsRule,
  rule.ScalarLeafsRule,
  rule.SingleFieldSubscriptionsRule,
  rule.UniqueArgumentNamesRule,
  rule.UniqueDirectivesPerLocationRule,
  rule.UniqueFragmentNamesRule,
  rule.UniqueInputFieldNamesRule,
  rule.UniqueOperationNamesRule,
  rule.UniqueVariableNamesRule,
  rule.ValuesOfCorrectTypeRule,
  rule.VariablesAreInputTypesRule,
  rule.VariablesInAllowedPositionRule,
  numbersFit,
]

/** @throws DocumentFault */
export function checkQuery(query: DocumentNode, schema: GraphQLSchema): void {
  refuseOddRoots(query, schema)
  const document = { ...query, definitions: query.definitions.map(withoutFragmentVariables) }
  const options = { maxErrors: 1, hideSuggestions: true }
  const [error] = asked(() => rule.validate(schema, document, rules, options))
  refuseIf(error !== undefined, error?.message ?? '')
}

/** gqlparser parses the variables of fragments, and passes them over: only those of operations count. */
function withoutFragmentVariables(node: DocumentNode['definitions'][number]) {
  return node.kind === Kind.FRAGMENT_DEFINITION ? { ...node, variableDefinitions: [] } : node
}

/** The library looks into no root that is something else than an object, which a schema may name in OPA. */
function refuseOddRoots({ definitions }: DocumentNode, schema: GraphQLSchema): void {
  for (const node of definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION) continue
    const root = schema.getRootType(node.operation)
    refuseIf((root ?? null) !== null && !isObjectType(root), 'the root is no object')
  }
}
