/** The keywords whose values are numbers. */
import type { RegoNumber, RegoObject, RegoValue } from '../../rego-value.ts'
import { countKeywords, invalidType, type Schema, SchemaError } from './schema.ts'

export function parseBounds(schema: Schema, value: RegoObject): void {
  const multiple = value.get('multipleOf')
  if (multiple !== undefined) {
    if (!isNumber(multiple)) throw invalidType('Number', 'multipleOf')
    if (multiple <= 0) throw new SchemaError('multipleOf must be strictly greater than 0')
    schema.numbers.multipleOf = multiple
  }
  parseBound(schema, value, 'minimum', 'exclusiveMinimum')
  parseBound(schema, value, 'maximum', 'exclusiveMaximum')
}

/** In draft 04 `exclusive…` says how to read the bound; later it is a bound; where no draft is named, either. */
function parseBound(
  schema: Schema,
  value: RegoObject,
  name: 'minimum' | 'maximum',
  exclusiveName: 'exclusiveMinimum' | 'exclusiveMaximum',
): void {
  const bound = value.get(name)
  const exclusive = value.get(exclusiveName)
  if (bound !== undefined && !isNumber(bound)) throw new SchemaError(`${name} must be of a Number`)
  if (bound !== undefined) schema.numbers[name] = bound
  if (exclusive === undefined) return
  if (isNumber(exclusive) && schema.draft !== 'draft4') schema.numbers[exclusiveName] = exclusive
  else if (
    typeof exclusive !== 'boolean' ||
    schema.draft.endsWith('6') ||
    schema.draft.endsWith('7')
  )
    throw invalidType(kindsOf(schema), exclusiveName)
  else if (bound === undefined)
    throw new SchemaError(`${exclusiveName} cannot be used without ${name}`)
  else if (exclusive) {
    schema.numbers[exclusiveName] = bound
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- one of two names
    delete schema.numbers[name]
  }
}

function kindsOf({ draft }: Schema): string {
  if (draft === 'hybrid') return 'boolean/number'
  return draft === 'draft4' ? 'boolean' : 'number'
}

export function parseCounts(schema: Schema, value: RegoObject): void {
  for (const keyword of countKeywords) {
    const count = value.get(keyword)
    if (count === undefined) continue
    if (typeof count !== 'number' || !Number.isInteger(count))
      throw new SchemaError(`${keyword} must be of an integer`)
    if (count < 0) throw new SchemaError(`${keyword} must be greater than or equal to 0`)
    schema.counts[keyword] = count
  }
  const { minLength = 0, maxLength = Infinity } = schema.counts
  const { minProperties = 0, maxProperties = Infinity } = schema.counts
  if (minLength > maxLength) throw new SchemaError('minLength cannot be greater than maxLength')
  if (minProperties > maxProperties)
    throw new SchemaError('minProperties cannot be greater than maxProperties')
}

function isNumber(value: RegoValue): value is RegoNumber {
  return typeof value === 'number' || typeof value === 'bigint'
}
