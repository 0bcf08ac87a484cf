/**
 * Whether a schema is valid as OPA has it (gqlparser's validator/schema.go), and the library's form of one that is.
 * The library's own checks of schemas are not used: they demand a query root, refuse extensions of what is not
 * there, and differ in what they let through.
 */
import { type DefinitionNode, type DocumentNode, Kind } from 'graphql/language'
import type { GraphQLSchema } from 'graphql/type'
import { buildASTSchema } from 'graphql/utilities'
import { checkArguments } from './check-arguments.ts'
import { checkDirectives, checkName } from './check-directives.ts'
import { checkInputCycles } from './check-input-cycles.ts'
import { checkType } from './check-type.ts'
import { asked, refuseIf } from './document-fault.ts'
import { nameNode } from './go-object.ts'
import { type Checked, mergeDirectives, mergeTypes } from './schema-types.ts'
import { typeDefinitions, typeExtensions } from './type-nodes.ts'

/** @throws DocumentFault */
export function checkSchema(document: DocumentNode): GraphQLSchema {
  const checked = { types: mergeTypes(document), directives: mergeDirectives(document) }
  checkRoots(document, checked)
  for (const type of checked.types.values()) checkType(type, checked)
  checkInputCycles(checked.types)
  for (const [name, directive] of checked.directives) {
    checkName(name)
    checkArguments(directive.arguments, checked, name)
  }
  const definitions = definitionsFor(document, checked)
  return asked(() =>
    buildASTSchema(
      { kind: Kind.DOCUMENT, definitions },
      { assumeValid: true, assumeValidSDL: true },
    ),
  )
}

function checkRoots({ definitions }: DocumentNode, checked: Checked): void {
  const own = definitions.filter(({ kind }) => kind === Kind.SCHEMA_DEFINITION)
  refuseIf(own.length > 1, 'there is more than one schema definition')
  for (const node of definitions) {
    if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) continue
    for (const { type } of node.operationTypes ?? [])
      refuseIf(!checked.types.has(type.name.value), `root ${type.name.value} does not exist`)
    checkDirectives(node.directives, 'SCHEMA', checked)
  }
}

/** What the library builds from: types that are only extended are declared, and each directive once. */
function definitionsFor(document: DocumentNode, { types, directives }: Checked): DefinitionNode[] {
  const declared = new Set(typeDefinitions(document).map(({ name }) => name.value))
  const bases = typeExtensions(document).flatMap(({ kind, name: { value: name } }) => {
    if (declared.has(name) || types.get(name)?.isBuiltIn === true) return []
    declared.add(name)
    const base = { kind: kind.replace('Extension', 'Definition'), name: nameNode(name) }
    return [base as DefinitionNode]
  })
  const own = document.definitions.filter((node) => {
    if (node.kind === Kind.DIRECTIVE_DEFINITION) return false
    const name = 'name' in node ? node.name?.value : undefined
    return name === undefined || types.get(name)?.isBuiltIn !== true
  })
  return [...directives.values(), ...bases, ...own]
}
