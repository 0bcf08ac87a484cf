/**
 * The items of a list result, each joined with what the registry knows of it: what policy needs to
 * say which items the gateway must drop.
 */
import type { ListItem } from '../contract/policy-input.ts'
import type { CapabilityKind, Query } from '../contract/query.ts'
import { digestOf } from '../statement/digest.ts'
import { listOf, objectOf, textOf } from './json-value.ts'
import { capabilityOf, keyOf, shadowsOf, type RegistryIndex } from './registry-index.ts'
import { hasHiddenInside } from './text-feature.ts'

/** Member of the result -> kind of its items (MCP tools/list, prompts/list, resources/list, resources/templates/list). */
const members: readonly (readonly [string, CapabilityKind])[] = [
  ['tools', 'tool'],
  ['prompts', 'prompt'],
  ['resources', 'resource'],
  ['resourceTemplates', 'resource'],
]

/** Items in the order of the result; null when the question is not a list result. */
export function listItems(query: Query, index: RegistryIndex): ListItem[] | null {
  if (query.phase !== 'result' || query.capability.kind !== 'list') return null
  const items: ListItem[] = []
  for (const [member, kind] of members) {
    listOf(query.result?.[member]).forEach((item, i) => {
      items.push(listItem(item, i, kind, query.server.id, index))
    })
  }
  const counts = new Map<string, number>()
  for (const item of items) counts.set(item.key, (counts.get(item.key) ?? 0) + 1)
  return items.map((item) => ({ ...item, occurrences: counts.get(item.key) ?? 1 }))
}

function listItem(
  item: unknown,
  i: number,
  kind: CapabilityKind,
  serverId: string,
  index: RegistryIndex,
): ListItem {
  const { name, uri } = namesOf(item)
  const key = keyOf(kind, name, uri)
  const found = capabilityOf(index, serverId, key)?.capability ?? null
  const isResource = kind === 'resource'
  return {
    index: i,
    kind,
    name: isResource ? (uri ?? name) : name,
    key,
    definition_digest: digestOf('definition', item),
    occurrences: 1,
    registered: found !== null,
    pinned_digest: found?.definition_digest ?? null,
    shadows: [...shadowsOf(index, serverId, isResource ? null : name, found)],
    hidden_text: hasHiddenInside(item),
  }
}

function namesOf(item: unknown): { readonly name: string; readonly uri: string | null } {
  const definition = objectOf(item)
  return {
    name: textOf(definition?.['name']) ?? '',
    uri: textOf(definition?.['uri']) ?? textOf(definition?.['uriTemplate']),
  }
}
