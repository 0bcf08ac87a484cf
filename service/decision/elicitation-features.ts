/**
 * What policy needs to know of an elicitation (MCP 2026-07-28, client/elicitation), asked or answered.
 *
 * Content that is not of the specification's form gives features that deny: not flat, unknown mode.
 */
import type { ElicitationFeatures, TextFeature, UrlFeature } from '../contract/input-features.ts'
import { digestOf } from '../statement/digest.ts'
import { listOf, objectOf, textOf, type JsonObject } from './json-value.ts'
import { textFeatures } from './text-feature.ts'

const primitives = ['string', 'number', 'integer', 'boolean']

/**
 * @param asked   the `elicitation/create` params as the server sent them; null when unknown.
 * @param answer  the client's ElicitResult; null while it is asked.
 */
export function elicitationFeatures(
  asked: JsonObject | null,
  answer: JsonObject | null,
): ElicitationFeatures {
  const schema = objectOf(asked?.['requestedSchema'])
  const properties = Object.entries(objectOf(schema?.['properties']) ?? {})
  const url = textOf(asked?.['url'])
  return {
    mode: modeOf(asked),
    action: answer === null ? null : (textOf(answer['action']) ?? 'unknown'),
    schema_digest: schema === null ? null : digestOf('schema', schema),
    flat: isFlat(schema),
    fields: properties.map(([name, field]) => ({
      name,
      type: textOf(objectOf(field)?.['type']) ?? 'unknown',
      format: textOf(objectOf(field)?.['format']),
    })),
    texts: asked === null ? [] : textsOf(asked),
    url: url === null ? null : urlFeature(url),
    answered: answeredNames(answer),
    unasked: unaskedNames(properties, answer),
  }
}

/** One mode's members only: a client of an era without modes would show the other. */
function modeOf(asked: JsonObject | null): ElicitationFeatures['mode'] {
  if (asked === null) return 'unknown'
  const mode = asked['mode'] ?? 'form'
  if (mode === 'form') return 'url' in asked ? 'unknown' : 'form'
  if (mode === 'url') return 'requestedSchema' in asked ? 'unknown' : 'url'
  return 'unknown'
}

/** A flat object of primitives and of string choices; no nesting, no free arrays, no references. */
function isFlat(schema: JsonObject | null): boolean {
  if (schema?.['type'] !== 'object') return false
  const known = [
    '$schema',
    'type',
    'properties',
    'required',
    'title',
    'description',
    'additionalProperties',
  ]
  if (!Object.keys(schema).every((name) => known.includes(name))) return false
  const properties = objectOf(schema['properties'])
  return (
    properties !== null && Object.values(properties).every((field) => isFlatField(objectOf(field)))
  )
}

/** What MCP allows of a primitive (2026-07-28 and the eras before it); anything else may mean anything. */
const fieldMembers = [
  ...['type', 'title', 'description', 'default', 'format', 'minLength', 'maxLength', 'pattern'],
  ...['minimum', 'maximum', 'enum', 'enumNames', 'oneOf', 'items', 'minItems', 'maxItems'],
]

function isFlatField(field: JsonObject | null): boolean {
  if (field === null || !Object.keys(field).every((name) => fieldMembers.includes(name)))
    return false
  if (!isChoice(field['enum'], isString) || !isChoice(field['oneOf'], isTitled)) return false
  const { type, items } = field
  if (type === 'array') return isChoiceList(objectOf(items))
  return items === undefined && typeof type === 'string' && primitives.includes(type)
}

function isChoiceList(items: JsonObject | null): boolean {
  if (items === null) return false
  const { type, enum: plain, anyOf: titled, ...rest } = items
  if (Object.keys(rest).length > 0 || (type !== undefined && type !== 'string')) return false
  if (plain === undefined && titled === undefined) return false
  return isChoice(plain, isString) && isChoice(titled, isTitled)
}

function isChoice(value: unknown, isOne: (choice: unknown) => boolean): boolean {
  return value === undefined || (Array.isArray(value) && value.every(isOne))
}

function isString(value: unknown): boolean {
  return typeof value === 'string'
}

function isTitled(value: unknown): boolean {
  const choice = objectOf(value)
  return (
    choice !== null &&
    isString(choice['const']) &&
    Object.keys(choice).every((name) => ['const', 'title'].includes(name))
  )
}

/** Names whose value is a keyword or is looked at by itself, unless they are names of fields. */
const keywords = ['type', '$schema', 'mode', 'url']

/** Every text that the person may read: names, message, titles, descriptions, formats, defaults, choices. */
function textsOf(asked: JsonObject): TextFeature[] {
  const texts: (readonly [where: string, text: string])[] = []
  const collect = (where: string, value: unknown): void => {
    if (typeof value === 'string') texts.push([where, value])
    if (typeof value !== 'object' || value === null) return
    const isFields = where.endsWith('/properties')
    for (const [name, member] of Object.entries(value)) {
      if (isFields) texts.push([`${where}/${name}`, name])
      if (isFields || !keywords.includes(name)) collect(`${where}/${name}`, member)
    }
  }
  collect('', asked)
  return textFeatures(texts)
}

function urlFeature(text: string): UrlFeature {
  const parsed = URL.parse(text)
  if (parsed === null || hasControl(text)) {
    return {
      valid: false,
      scheme: '',
      host: '',
      userinfo: false,
      port: '',
      look_alike: false,
      query_bytes: 0,
    }
  }
  const written = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/iu.exec(text)?.[1] ?? ''
  return {
    valid: true,
    scheme: parsed.protocol.replace(/:$/, ''),
    host: parsed.hostname,
    userinfo: parsed.username !== '' || parsed.password !== '' || written.includes('@'),
    port: parsed.port,
    look_alike:
      /[^\0-\x7F]/u.test(written) ||
      parsed.hostname.split('.').some((label) => label.startsWith('xn--')),
    query_bytes: parsed.search.length,
  }
}

/** WHATWG URL drops tabs and newlines and reads `\` as `/`: what is written must be what is opened. */
function hasControl(text: string): boolean {
  return /[\s\\]|\p{C}/u.test(text)
}

function answeredNames(answer: JsonObject | null): string[] | null {
  const content = answer?.['content']
  if (content === undefined || content === null) return null
  return Object.keys(objectOf(content) ?? { '': content })
}

function unaskedNames(
  properties: readonly [string, unknown][],
  answer: JsonObject | null,
): string[] {
  const content = answer?.['content']
  if (content === undefined || content === null) return []
  const members = objectOf(content)
  if (members === null) return ['']
  const asked = new Map(properties)
  return Object.entries(members)
    .filter(([name, value]) => !asked.has(name) || !hasAskedType(objectOf(asked.get(name)), value))
    .map(([name]) => name)
}

function hasAskedType(field: JsonObject | null, value: unknown): boolean {
  const choices = field?.['enum']
  if (Array.isArray(choices)) return choices.includes(value)
  const titled = field?.['oneOf']
  if (Array.isArray(titled)) return titled.some((choice) => objectOf(choice)?.['const'] === value)
  switch (field?.['type']) {
    case 'string':
      return typeof value === 'string'
    case 'integer':
      return Number.isInteger(value)
    case 'number':
      return typeof value === 'number'
    case 'boolean':
      return typeof value === 'boolean'
    case 'array':
      return Array.isArray(value) && value.every((item) => hasAskedType(itemsField(field), item))
    default:
      return false
  }
}

function itemsField(field: JsonObject): JsonObject | null {
  const items = objectOf(field['items'])
  const anyOf = items === null ? [] : listOf(items['anyOf'])
  return anyOf.length > 0 ? { oneOf: anyOf } : items
}
