// What a listed server adds to a registry: a server entry if there is none, and every capability that it does not
// have yet, pinned. What a person has written stays as it is; where it no longer fits, that is said.

import type { Capability, EffectFacet, Registry, Server } from '../../service/contract/registry.ts'
import { listOf, objectOf } from '../../service/decision/json-value.ts'
import { digestOf } from '../../service/statement/digest.ts'
import { proposeArguments } from './argument-bounds.ts'
import { contradictionsOf, proposeFacets, type ProposedFacet } from './facets.ts'
import { hiddenPlaces } from './hidden-places.ts'
import type { Served, ServedItem } from './served-items.ts'
import { quoted } from './shown.ts'
import type { StatedEffects } from './stated-effects.ts'

/** What a person says of the server, and no server can say of itself. */
export interface Reviewed {
  readonly id: string
  readonly entry: Omit<Server, 'capabilities'>
  readonly groups: readonly string[]
  readonly classification: string
  readonly direction: 'ingress' | 'egress' | 'internal'
  readonly effects: StatedEffects
}

export interface AdoptedItem {
  readonly item: ServedItem
  readonly capability: Capability
  readonly proposed: readonly ProposedFacet[]
  /** On the word of the person who adopts. */
  readonly isStated: boolean
}

export interface Adopted {
  /** The part of a registry that is new; null when nothing is. */
  readonly part: { readonly servers: Registry['servers'] } | null
  readonly items: readonly AdoptedItem[]
  /** What a person must decide, in whole sentences. */
  readonly left: readonly string[]
}

/** What nobody has classified: no purpose of a registry should ever cover it. */
export const unreviewed = 'unreviewed'

export function adoptServer(served: Served, reviewed: Reviewed, registry: Registry): Adopted {
  const { id, entry } = reviewed
  const known = Object.hasOwn(registry.servers, id) ? registry.servers[id] : undefined
  const has = (key: string): boolean => Object.hasOwn(known?.capabilities ?? {}, key)
  const items = served.items.filter(({ key }) => !has(key)).map((item) => adopt(item, reviewed))
  const capabilities = Object.fromEntries([
    ...items.map(({ item, capability }) => [item.key, capability] as const),
    ...asking.filter((kind) => !has(kind)).map((kind) => [kind, askingOf(kind, reviewed)] as const),
  ])
  const isNew = known === undefined
  // Parts of a registry are merged: only what is not there yet is said again.
  const added = (isNew ? { ...entry, capabilities } : { capabilities }) as Server
  return {
    part: isNew || Object.keys(capabilities).length > 0 ? { servers: { [id]: added } } : null,
    items,
    left: [
      ...served.left,
      ...served.items.flatMap((item) => changesOf(item, known)),
      ...goneOf(served, known),
      ...items.flatMap(({ item }) => shadowsOf(item, id, registry)),
      ...items.flatMap(questionsOf),
    ],
  }
}

function adopt(item: ServedItem, reviewed: Reviewed): AdoptedItem {
  const proposed = proposeFacets(item)
  const stated = reviewed.effects.get(item.key)
  const effects: readonly EffectFacet[] = stated ?? proposed.map(({ facet }) => facet)
  const { names, bounds } = argumentsOf(item)
  const capability: Capability = {
    kind: item.kind,
    effects: [...effects],
    groups: [...reviewed.groups],
    // A template stands for what it leads to; a question about that shows another definition.
    ...(item.key.endsWith('*')
      ? {}
      : { definition_digest: digestOf('definition', item.definition) }),
    ...(item.kind === 'resource' ? {} : { arguments: names }),
    ...(bounds.length === 0 ? {} : { bounds }),
    data_scope: scopeOf(item, reviewed),
  }
  return { item, capability, proposed, isStated: stated !== undefined }
}

/** What shows what a server serves: without them nothing else of it can be found. */
const asking = ['discover', 'list'] as const

function askingOf(kind: (typeof asking)[number], { groups }: Reviewed): Capability {
  return { kind, effects: ['reads_untrusted'], groups: [...groups] }
}

function scopeOf(
  { kind }: ServedItem,
  { classification, direction }: Reviewed,
): NonNullable<Capability['data_scope']> {
  return [
    { source: 'always', add: { classifications: [classification], direction } },
    ...(kind === 'resource'
      ? [{ source: 'uri' as const, required: true, add: { resources: ['{value}'] } }]
      : []),
  ]
}

function argumentsOf({ kind, definition }: ServedItem): ReturnType<typeof proposeArguments> {
  if (kind === 'tool') return proposeArguments(objectOf(definition['inputSchema']) ?? {})
  if (kind === 'resource') return { names: [], bounds: [], left: [] }
  // MCP names the arguments of a prompt in a list, and they are texts (PromptArgument).
  const listed = listOf(definition['arguments']).map((one) => objectOf(one) ?? {})
  const properties = Object.fromEntries(
    listed.map(({ name }) => [String(name), { type: 'string' }] as const),
  )
  const required = listed.filter((one) => one['required'] === true).map(({ name }) => name)
  return proposeArguments({ type: 'object', properties, required: [...new Set(required)] })
}

function changesOf({ key, definition }: ServedItem, known: Server | undefined): readonly string[] {
  const pinned = Object.hasOwn(known?.capabilities ?? {}, key)
    ? known?.capabilities[key]
    : undefined
  const served = digestOf('definition', definition)
  if (pinned === undefined || key.endsWith('*') || pinned.definition_digest === served) return []
  const was = pinned.definition_digest
  return [
    was === undefined
      ? `${quoted(key)} is registered without a definition: review it, then pin ${served}`
      : `${quoted(key)} has changed since it was pinned (${was}): review it, then pin ${served}`,
  ]
}

function goneOf({ items }: Served, known: Server | undefined): readonly string[] {
  const served = new Set(items.map(({ key }) => key))
  return Object.keys(known?.capabilities ?? {})
    .filter((key) => /^(?:tool|prompt):/u.test(key) && !served.has(key))
    .map((key) => `${quoted(key)} is registered, and was not listed: take it out, or ask why`)
}

/** Policy denies a name that two servers serve until they were reviewed together. */
function shadowsOf(
  { kind, key }: ServedItem,
  id: string,
  { servers }: Registry,
): readonly string[] {
  const name = key.slice(key.indexOf(':'))
  const others = Object.entries(servers)
    .filter(([other]) => other !== id && kind !== 'resource')
    .filter(([, { capabilities }]) =>
      ['tool', 'prompt'].some((one) => Object.hasOwn(capabilities, one + name)),
    )
    .map(([other]) => other)
  return others.length === 0
    ? []
    : [
        `${quoted(key)} is also served by ${others.join(', ')}: review them together, then name them in shadows_reviewed of both`,
      ]
}

function questionsOf({ item, capability, proposed, isStated }: AdoptedItem): readonly string[] {
  const name = quoted(item.key)
  const hidden = hiddenPlaces(item.definition)
  const taken = proposed.filter(({ facet }) => !capability.effects.includes(facet))
  return [
    ...(hidden.length > 0
      ? [`${name} has characters that do not show in ${hidden.join(', ')}: policy denies it`]
      : []),
    ...contradictionsOf(item).map((one) => `${name} ${one}`),
    ...(isStated && taken.length > 0
      ? [
          `${name} was stated to be without ${taken.map(({ facet, reason }) => `${facet} (${reason})`).join(', ')}: is it?`,
        ]
      : []),
    ...argumentsOf(item).left.map((one) => `${name}: ${one}`),
  ]
}
