/** Directives where a schema uses them. */
import { type ConstDirectiveNode, type DirectiveDefinitionNode, Kind } from 'graphql/language'
import { DocumentFault, refuseIf } from './document-fault.ts'
import type { Checked } from './schema-types.ts'

/** Names with two underscores are GraphQL's own. */
export function checkName(name: string): void {
  refuseIf(name.startsWith('__'), `${name} is a name of GraphQL itself`)
}

/**
 * @param location as GraphQL names it
 * @param within the directive whose declaration this is a part of: it may not use itself
 */
export function checkDirectives(
  nodes: readonly ConstDirectiveNode[] | undefined,
  location: string,
  checked: Checked,
  within?: string,
): void {
  const seen = new Set<string>()
  for (const node of nodes ?? []) {
    const definition = checkDirective(node, location, checked, within)
    const { value: name } = node.name
    refuseIf(seen.has(name) && !definition.repeatable, `@${name} is used twice`)
    seen.add(name)
  }
}

/** A type's directives are those of all its extensions: gqlparser lets each of them stand more than once. */
export function checkTypeDirectives(
  nodes: readonly ConstDirectiveNode[],
  location: string,
  checked: Checked,
): void {
  for (const node of nodes) checkDirective(node, location, checked)
}

function checkDirective(
  node: ConstDirectiveNode,
  location: string,
  { directives }: Checked,
  within?: string,
): DirectiveDefinitionNode {
  const { value: name } = node.name
  checkName(name)
  refuseIf(name === within, `@${name} uses itself`)
  const definition = directives.get(name)
  if (definition === undefined) throw new DocumentFault(`@${name} is not declared`)
  const isHere = definition.locations.some(({ value }) => value === location)
  refuseIf(!isHere, `@${name} may not stand at ${location}`)
  checkGiven(node, definition)
  return definition
}

function checkGiven(node: ConstDirectiveNode, definition: DirectiveDefinitionNode): void {
  const given = new Map((node.arguments ?? []).map((one) => [one.name.value, one.value]))
  const taken = new Set((definition.arguments ?? []).map(({ name }) => name.value))
  for (const name of given.keys()) refuseIf(!taken.has(name), `there is no argument ${name}`)
  for (const { name, type, defaultValue } of definition.arguments ?? []) {
    if (type.kind !== Kind.NON_NULL_TYPE || defaultValue !== undefined) continue
    const value = given.get(name.value)
    refuseIf(value === undefined || value.kind === Kind.NULL, `argument ${name.value} is missing`)
  }
}
