/** Arguments where a schema declares them, of fields and of directives. */
import type { InputValueDefinitionNode, TypeNode } from 'graphql/language'
import { checkDirectives, checkName } from './check-directives.ts'
import { DocumentFault, refuseIf } from './document-fault.ts'
import { type Checked, namedTypeOf } from './schema-types.ts'
import type { TypeKind } from './type-nodes.ts'

/** What may be given: the kinds of arguments and of fields of input objects. */
export const inputKinds: ReadonlySet<TypeKind> = new Set(['SCALAR', 'ENUM', 'INPUT_OBJECT'])

/** @param within the directive that they are arguments of */
export function checkArguments(
  nodes: readonly InputValueDefinitionNode[] | undefined,
  checked: Checked,
  within?: string,
): void {
  for (const { name, type, directives } of nodes ?? []) {
    checkName(name.value)
    refuseIf(!inputKinds.has(kindNamed(type, checked)), `${name.value} is of no input type`)
    checkDirectives(directives, 'ARGUMENT_DEFINITION', checked, within)
  }
}

/** The kind of the type that a type names. */
export function kindNamed(type: TypeNode, { types }: Checked): TypeKind {
  const found = types.get(namedTypeOf(type))
  if (found === undefined) throw new DocumentFault(`there is no type ${namedTypeOf(type)}`)
  return found.kind
}
