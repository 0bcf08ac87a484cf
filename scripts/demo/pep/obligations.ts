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
function filterList(result: JsonObject, { drop }: JsonObject): JsonObject | null {
  const present = lists.filter((member) => Array.isArray(result[member]))
  const [member] = present
  if (member === undefined || present.length > 1 || !Array.isArray(drop)) return null
  const dropped = new Set(drop.map((item: unknown) => objectOf(item)?.['index']))
  const items = result[member] as readonly unknown[]
  return { ...result, [member]: items.filter((_item, index) => !dropped.has(index)) }
}

const lists = ['tools', 'prompts', 'resources', 'resourceTemplates']

/** Cuts what a server asks of the client's model. */
function limitSampling(params: JsonObject, properties: JsonObject): JsonObject | null {
  const { max_tokens: tokens, include_context: context } = properties
  const asked = params['maxTokens']
  return {
    ...params,
    ...(typeof tokens === 'number' && typeof asked === 'number'
      ? { maxTokens: Math.min(asked, tokens) }
      : {}),
    ...(typeof context === 'string' ? { includeContext: context } : {}),
  }
}
