/** The obligations that this gateway can carry out; one that is not here makes it refuse. */
import { objectOf, type JsonObject } from './message.ts'

/** @returns what is left of the content; null when the obligation cannot be carried out on it. */
type CarryOut = (content: JsonObject, properties: JsonObject) => JsonObject | null

const known: Readonly<Record<string, CarryOut>> = {
  filter_list: filterList,
  limit_sampling: limitSampling,
}

export function obligationOf(type: string): CarryOut | null {
  return Object.hasOwn(known, type) ? (known[type] ?? null) : null
}

/** Drops items of a list result, by their place; the result must hold one list, so that it is plain which. */
function filterList(result: JsonObject, { drop, ...more }: JsonObject): JsonObject | null {
  const present = lists.filter((member) => Array.isArray(result[member]))
  const [member] = present
  const places = Array.isArray(drop)
    ? drop.map((item: unknown) => objectOf(item)?.['index'])
    : [null]
  const isPlain = present.length === 1 && places.every(Number.isInteger) && isEmpty(more)
  if (member === undefined || !isPlain) return null
  const items = result[member] as readonly unknown[]
  return { ...result, [member]: items.filter((_item, index) => !places.includes(index)) }
}

const lists = ['tools', 'prompts', 'resources', 'resourceTemplates']

/** Cuts what a server asks of the client's model. */
function limitSampling(params: JsonObject, properties: JsonObject): JsonObject | null {
  const asked = params['maxTokens']
  const { max_tokens: tokens = asked, include_context: context = 'none', ...more } = properties
  if (typeof asked !== 'number' || typeof tokens !== 'number') return null
  if (typeof context !== 'string' || !isEmpty(more)) return null
  return { ...params, maxTokens: Math.min(asked, tokens), includeContext: context }
}

/** A property that is not known here may be the one that matters. */
function isEmpty(more: JsonObject): boolean {
  return Object.keys(more).length === 0
}
