/** Holds a value against a schema, step by step as OPA does it (internal/gojsonschema/validation.go). */
import { RegoObject, type RegoNumber, type RegoValue, typeOf } from '../../rego-value.ts'
import { matchesFormat } from './format.ts'
import { comparableJson } from './comparable-json.ts'
import { nearest, type Place, Report } from './report.ts'
import type { Schema } from './schema.ts'
import { validateArray } from './validate-array.ts'
import { validateNumber } from './validate-number.ts'
import { validateObject } from './validate-object.ts'

export function validate(schema: Schema, value: RegoValue, place: Place = []): Report {
  const report = new Report()
  validateInto(report, schema, value, place)
  return report
}

export function validateInto(report: Report, schema: Schema, value: RegoValue, place: Place): void {
  if (schema.passes !== null) {
    if (!schema.passes) report.add('false', place, 'False always fails validation')
    return
  }
  if (schema.reference !== null) {
    validateInto(report, schema.reference, value, place)
    return
  }
  const given = kindOf(value)
  if (!isOfType(schema, given)) {
    const [first = '', ...others] = schema.types
    const expected = others.length === 0 ? first : `[${schema.types.join(',')}]`
    report.add('invalid_type', place, `Invalid type. Expected: ${expected}, given: ${given}`)
    return
  }
  validateCombinations(report, schema, value, place)
  const step = { report, schema, place, validate }
  if (Array.isArray(value)) validateArray(step, value as readonly RegoValue[])
  if (value instanceof RegoObject) validateObject(step, value)
  if (isNumber(value)) validateNumber(report, schema, value, place)
  validateCommon(report, schema, value, place)
  if (typeof value === 'string') validateText(report, schema, value, place)
  if (value instanceof RegoObject) validateProperties(report, schema, value, place)
  report.count()
}

function validateProperties(report: Report, schema: Schema, value: RegoObject, place: Place): void {
  for (const [name, child] of schema.properties) {
    const property = value.get(name)
    if (property !== undefined) validateInto(report, child, property, [...place, name])
  }
}

/** What the schema would call it. */
function kindOf(value: RegoValue): string {
  return isNumber(value) && isWhole(value) ? 'integer' : typeOf(value)
}

function isOfType({ types }: Schema, given: string): boolean {
  return (
    types.length === 0 || types.includes(given) || (given === 'integer' && types.includes('number'))
  )
}

function isNumber(value: RegoValue): value is RegoNumber {
  return typeof value === 'number' || typeof value === 'bigint'
}

function isWhole(value: RegoNumber): boolean {
  return typeof value === 'bigint' || Number.isInteger(value)
}

function validateCombinations(
  report: Report,
  schema: Schema,
  value: RegoValue,
  place: Place,
): void {
  validateAlternatives(report, schema, value, place)
  validateAll(report, schema, value, place)
  const { not } = schema.single
  if (not !== undefined && validate(not, value, place).isValid())
    report.add('number_not', place, 'Must not validate the schema (not)')
  validateDependencies(report, schema, value, place)
  validateConditions(report, schema, value, place)
  report.count()
}

function validateAlternatives(
  report: Report,
  schema: Schema,
  value: RegoValue,
  place: Place,
): void {
  const { anyOf, oneOf } = schema.lists
  const failed: Report[] = []
  const isAny = anyOf.some((child) => isMatch(validate(child, value, place), failed))
  if (anyOf.length > 0 && !isAny) {
    report.add('number_any_of', place, 'Must validate at least one schema (anyOf)')
    report.merge(nearest(failed) ?? new Report())
  }
  const reports = oneOf.map((child) => validate(child, value, place))
  const valid = reports.filter((one) => one.isValid()).length
  if (oneOf.length > 0 && valid !== 1) {
    report.add('number_one_of', place, 'Must validate one and only one schema (oneOf)')
    if (valid === 0) report.merge(nearest(reports) ?? new Report())
  }
}

function isMatch(report: Report, failed: Report[]): boolean {
  if (!report.isValid()) failed.push(report)
  return report.isValid()
}

function validateAll(report: Report, schema: Schema, value: RegoValue, place: Place): void {
  const reports = schema.lists.allOf.map((child) => validate(child, value, place))
  for (const one of reports) report.merge(one)
  if (reports.some((one) => !one.isValid()))
    report.add('number_all_of', place, 'Must validate all the schemas (allOf)')
}

function validateDependencies(
  report: Report,
  schema: Schema,
  value: RegoValue,
  place: Place,
): void {
  if (!(value instanceof RegoObject)) return
  for (const [name, dependency] of schema.dependencies) {
    if (value.get(name) === undefined) continue
    if ('draft' in dependency) {
      validateInto(report, dependency, value, place)
      continue
    }
    for (const other of dependency.filter((one) => value.get(one) === undefined))
      report.add('missing_dependency', place, `Has a dependency on ${other}`)
  }
}

function validateConditions(report: Report, schema: Schema, value: RegoValue, place: Place): void {
  const { if: condition, then, else: otherwise } = schema.single
  if (condition === undefined) return
  const holds = validate(condition, value, place).isValid()
  const branch = holds ? then : otherwise
  const outcome = branch === undefined ? new Report() : validate(branch, value, place)
  if (outcome.isValid()) return
  if (holds) report.add('condition_then', place, 'Must validate "then" as "if" was valid')
  else report.add('condition_else', place, 'Must validate "else" as "if" was not valid')
  report.merge(outcome)
}

function validateCommon(report: Report, schema: Schema, value: RegoValue, place: Place): void {
  const field = place.length === 0 ? '(Root)' : place.join('.')
  const { constant, enumeration, format } = schema
  if (constant !== null && comparableJson(value) !== constant)
    report.add('const', place, `${field} does not match: ${constant}`)
  if (enumeration !== null && !enumeration.includes(comparableJson(value)))
    report.add('enum', place, `${field} must be one of the following: ${enumeration.join(', ')}`)
  if (format !== '' && typeof value === 'string' && !matchesFormat(format, value))
    report.add('format', place, `Does not match format '${format}'`)
  report.count()
}

function validateText(report: Report, schema: Schema, value: string, place: Place): void {
  const { minLength = 0, maxLength = Infinity } = schema.counts
  const length = Array.from(value).length
  if (length < minLength)
    report.add(
      'string_gte',
      place,
      `String length must be greater than or equal to ${String(minLength)}`,
    )
  if (length > maxLength)
    report.add(
      'string_lte',
      place,
      `String length must be less than or equal to ${String(maxLength)}`,
    )
  if (schema.pattern !== null && !schema.pattern.expression.test(value))
    report.add('pattern', place, `Does not match pattern '${schema.pattern.text}'`)
  report.count()
}
