/** From JSON to a schema (OPA's internal/gojsonschema/schema.go): every keyword is checked, unknown ones are ignored. */
import { compareTexts, RegoObject, type RegoValue } from '../../rego-value.ts'
import { comparableJson, nameOf } from './comparable-json.ts'
import { patternOf } from './pattern.ts'
import { parseBounds, parseCounts } from './parse-bounds.ts'
import { References } from './references.ts'
import {
  type Draft,
  invalidType,
  listKeywords,
  Schema,
  SchemaError,
  type SingleKeyword,
} from './schema.ts'

const jsonTypes = ['array', 'boolean', 'integer', 'number', 'null', 'object', 'string']

/** @throws SchemaError */
export function parseSchema(root: RegoValue): Schema {
  return new Parser(new References(root)).parse(root, draftOf(root))
}

function draftOf(root: RegoValue): Draft {
  if (typeof root === 'boolean') return 'hybrid'
  if (!(root instanceof RegoObject)) throw new SchemaError('schema is invalid')
  const name = root.get('$schema') ?? ''
  if (typeof name !== 'string') throw new SchemaError('$schema must be of type string')
  const [, number] = /^http:\/\/json-schema\.org\/draft-0([467])\/schema#?$/.exec(name) ?? []
  return number === undefined ? 'hybrid' : (`draft${number}` as Draft)
}

class Parser {
  readonly #references: References
  readonly #parsed = new Map<string, Schema>()

  constructor(references: References) {
    this.#references = references
  }

  parse(value: RegoValue, draft: Draft): Schema {
    const schema = new Schema(draft)
    this.#fill(schema, value)
    return schema
  }

  #fill(schema: Schema, value: RegoValue): void {
    if (typeof value === 'boolean' && schema.draft !== 'draft4') {
      schema.passes = value
      return
    }
    if (!(value instanceof RegoObject))
      throw new SchemaError('Expected: Valid Schema, given: Invalid JSON')
    this.#parseDefinitions(value, schema.draft)
    for (const key of ['$id', 'title', 'description']) textAt(value, key)
    const reference = textAt(value, '$ref')
    if (reference !== undefined) {
      schema.reference = this.#refer(this.#references.resolve(value, reference), schema.draft)
      return
    }
    schema.types = typesOf(value.get('type'))
    this.#parseObjects(schema, value)
    this.#parseArrays(schema, value)
    parseBounds(schema, value)
    parseCounts(schema, value)
    parseTexts(schema, value)
    parseChoices(schema, value)
    this.#parseCombinations(schema, value)
  }

  #refer(reference: string, draft: Draft): Schema {
    const known = this.#parsed.get(reference)
    if (known !== undefined) return known
    const schema = new Schema(draft)
    this.#parsed.set(reference, schema)
    const value = this.#references.find(reference)
    if (typeof value !== 'boolean' && !(value instanceof RegoObject))
      throw new SchemaError('Valid Schema must be of type object')
    this.#fill(schema, value)
    return schema
  }

  #parseDefinitions(value: RegoObject, draft: Draft): void {
    const definitions = value.get('definitions') ?? new RegoObject([])
    const fault = invalidType('Array Of Schemas', 'definitions')
    if (!(definitions instanceof RegoObject)) throw fault
    for (const [, definition] of definitions.entries) {
      if (!isSchema(definition)) throw fault
      this.parse(definition, draft)
    }
  }

  #parseObjects(schema: Schema, value: RegoObject): void {
    const { draft } = schema
    const properties = value.get('properties') ?? new RegoObject([])
    if (!(properties instanceof RegoObject))
      throw new SchemaError('Properties must be of type object')
    schema.properties = this.#named(properties, (child) => this.parse(child, draft))
    this.#parseSingle(schema, value, 'additionalProperties', 'Valid Schema')
    const patterns = value.get('patternProperties') ?? new RegoObject([])
    if (!(patterns instanceof RegoObject)) throw invalidType('Valid Schema', 'patternProperties')
    schema.patternProperties = [...this.#named(patterns, (child) => this.parse(child, draft))].map(
      ([pattern, child]) => [patternOf(pattern, `Invalid regex pattern '${pattern}'`), child],
    )
    if (draft !== 'draft4') this.#parseSingle(schema, value, 'propertyNames', 'Valid Schema')
    const dependencies = value.get('dependencies') ?? new RegoObject([])
    if (!(dependencies instanceof RegoObject))
      throw new SchemaError('dependencies must be of type object')
    schema.dependencies = this.#named(dependencies, (child) => this.#dependency(child, draft))
  }

  #named<T>(schemas: RegoObject, parse: (value: RegoValue) => T): ReadonlyMap<string, T> {
    const names = schemas.entries.map(([key, child]) => [nameOf(key), child] as const)
    names.sort(([a], [b]) => compareTexts(a, b))
    return new Map(names.map(([name, child]) => [name, parse(child)]))
  }

  #dependency(value: RegoValue, draft: Draft): readonly string[] | Schema {
    if (isSchema(value)) return this.parse(value, draft)
    if (isTexts(value)) return value
    throw new SchemaError('Dependency must be of type Schema Or Array Of Strings')
  }

  #parseArrays(schema: Schema, value: RegoObject): void {
    const items = value.get('items') ?? []
    if (isSchema(items)) schema.items = this.parse(items, schema.draft)
    else if (Array.isArray(items) && items.every(isSchema))
      schema.items = items.map((item) => this.parse(item, schema.draft))
    else throw invalidType('Valid Schema/Array Of Schemas', 'items')
    this.#parseSingle(schema, value, 'additionalItems', 'Valid Schema')
    const isUnique = value.get('uniqueItems') ?? false
    if (typeof isUnique !== 'boolean') throw new SchemaError('uniqueItems must be of a boolean')
    schema.isUnique = isUnique
    const contained = value.get('contains')
    if (contained !== undefined && schema.draft !== 'draft4')
      schema.single.contains = this.parse(contained, schema.draft)
  }

  #parseCombinations(schema: Schema, value: RegoObject): void {
    for (const keyword of listKeywords) {
      const list = value.get(keyword) ?? []
      if (!Array.isArray(list)) throw new SchemaError(`${keyword} must be of an array`)
      schema.lists[keyword] = (list as readonly RegoValue[]).map((item) =>
        this.parse(item, schema.draft),
      )
    }
    const hasConditions = schema.draft === 'draft7' || schema.draft === 'hybrid'
    const keywords = hasConditions ? (['not', 'if', 'then', 'else'] as const) : (['not'] as const)
    for (const keyword of keywords) {
      const child = value.get(keyword)
      if (child === undefined) continue
      if (!isSchema(child)) throw new SchemaError(`${keyword} must be of an object`)
      schema.single[keyword] = this.parse(child, schema.draft)
    }
  }

  /** True and false are schemas here in every draft. */
  #parseSingle(schema: Schema, value: RegoObject, keyword: SingleKeyword, wanted: string): void {
    const child = value.get(keyword)
    if (child === undefined) return
    if (!isSchema(child)) throw invalidType(`boolean/${wanted}`, keyword)
    schema.single[keyword] = this.parse(child, typeof child === 'boolean' ? 'hybrid' : schema.draft)
  }
}

function parseTexts(schema: Schema, value: RegoObject): void {
  const pattern = textAt(value, 'pattern')
  if (pattern !== undefined)
    schema.pattern = {
      text: pattern,
      expression: patternOf(pattern, 'pattern must be a valid regex'),
    }
  schema.format = textAt(value, 'format') ?? ''
  const required = value.get('required') ?? []
  if (!Array.isArray(required)) throw new SchemaError('required must be of an array')
  if (!isTexts(required)) throw invalidType('string', 'required')
  checkUnique(required, 'required')
  schema.required = required
}

function parseChoices(schema: Schema, value: RegoObject): void {
  const constant = value.get('const')
  if (constant !== undefined && schema.draft !== 'draft4')
    schema.constant = comparableJson(constant)
  const choices = value.get('enum')
  if (choices === undefined) return
  if (!Array.isArray(choices)) throw new SchemaError('enum must be of an array')
  schema.enumeration = (choices as readonly RegoValue[]).map(comparableJson)
  checkUnique(schema.enumeration, 'enum')
}

function checkUnique(texts: readonly string[], key: string): void {
  if (new Set(texts).size !== texts.length) throw new SchemaError(`${key} items must be unique`)
}

function typesOf(value: RegoValue | undefined): readonly string[] {
  const types = value === undefined ? [] : typeof value === 'string' ? [value] : value
  if (!isTexts(types)) throw invalidType('type', 'string/Array Of Strings')
  for (const [i, type] of types.entries()) {
    if (!jsonTypes.includes(type))
      throw new SchemaError(
        `has a primitive type that is NOT VALID -- given: /${type}/ Expected valid values are:[${jsonTypes.join(' ')}]`,
      )
    if (types.indexOf(type) !== i) throw new SchemaError(`${type} type is duplicated`)
  }
  return types
}

function textAt(value: RegoObject, key: string): string | undefined {
  const text = value.get(key)
  if (text !== undefined && typeof text !== 'string') throw invalidType('string', key)
  return text
}

function isSchema(value: RegoValue): value is boolean | RegoObject {
  return typeof value === 'boolean' || value instanceof RegoObject
}

function isTexts(value: RegoValue): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
