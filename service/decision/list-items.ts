/**
 * The items of a list result, each joined with what the registry knows of it: what policy needs to
 * say which items the gateway must drop.
 */
import type { ListItem } from '../contract/policy-input.ts'
import type { CapabilityKind, Query } from '../contract/query.ts'
import { digestOf } from '../statement/digest.ts'
import { objectOf, textOf } from './json-value.ts'
import { capabilityOf, keyOf, shadowsOf, type RegistryIndex } from './registry-index.ts'
import { hasHiddenInside } from './text-feature.ts'

/** Member of the result -> kind of its items (MCP tools/list, prompts/list, resources/list, resources/templates/list). */
const members: readonly (readonly [string, CapabilityKind])[] = [
  ['tools', 'tool'],
  ['prompts', 'prompt'],
  ['resources', 'resource'],
  ['resourceTemplates', 'resource'],
]

/** Items in the order of the result; null when the question is no list result, or one that cannot be read. */
export function listItems(query: Query, index: RegistryIndex): ListItem[] | null {
  if (query.phase !== 'result' || query.capability.kind !== 'list') return null
  const items: ListItem[] = []
  for (const [member, kind] of members) {
    const list = query.result?.[member] ?? []
    if (!Array.isArray(list)) return null
    list.forEach((item, i) => {
      items.push(listItem({ item, member, i, kind }, query.server.id, index))
    })
  }
  const counts = new Map<string, number>()
  for (const item of items) counts.set(item.key, (counts.get(item.key) ?? 0) + 1)
  return items.map((item) => ({ ...item, occurrences: counts.get(item.key) ?? 1 }))
}

type Listed = {
  readonly item: unknown
  readonly member: string
  readonly i: number
  readonly kind: CapabilityKind
}

function listItem(listed: Listed, serverId: string, index: RegistryIndex): ListItem {
  const { item, member, i, kind } = listed
  const isResource = kind === 'resource'
  const definition = objectOf(item)
  const uri = textOf(definition?.[member === 'resources' ? 'uri' : 'uriTemplate'])
  const name = (isResource ? uri : textOf(definition?.['name'])) ?? ''
  const key = keyOf(kind, name, isResource ? name : null)
  const found = capabilityOf(index, serverId, key)?.capability ?? null
  return {
    definition_digest: digestOf('definition', item),
    hidden_text: hasHiddenInside(item),
    index: i,
    key,
    kind,
    member,
    name,
    occurrences: 1,
    pinned_digest: found?.definition_digest ?? null,
    registered: found !== null,
    shadows: [...shadowsOf(index, serverId, isResource ? null : name, found)],
  }
}
