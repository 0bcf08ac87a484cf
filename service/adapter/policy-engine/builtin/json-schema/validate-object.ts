/** Keywords for objects, but the properties themselves. */
import type { RegoObject, RegoValue } from '../../rego-value.ts'
import { nameOf } from './comparable-json.ts'
import type { Step } from './report.ts'

export function validateObject(step: Step, value: RegoObject): void {
  const { report, schema, place } = step
  const { minProperties = 0, maxProperties = Infinity } = schema.counts
  const size = value.entries.length
  if (size < minProperties)
    report.add(
      'array_min_properties',
      place,
      `Must have at least ${String(minProperties)} properties`,
    )
  if (size > maxProperties)
    report.add(
      'array_max_properties',
      place,
      `Must have at most ${String(maxProperties)} properties`,
    )
  for (const name of schema.required) {
    if (value.get(name) === undefined) report.add('required', place, `${name} is required`)
    else report.count()
  }
  for (const [name, property] of value.entries) validateOther(step, nameOf(name), property)
  validateNames(step, value)
  report.count()
}

/** By every pattern that fits its name; what neither fits nor is listed is additional. */
function validateOther(
  { report, schema, place, validate }: Step,
  name: string,
  value: RegoValue,
): void {
  const fitting = schema.patternProperties.filter(([pattern]) => pattern.test(name))
  for (const [, child] of fitting) report.merge(validate(child, value, [...place, name]))
  if (fitting.length > 0) report.count()
  const { additionalProperties: additional } = schema.single
  const isAdditional = fitting.length === 0 && !schema.properties.has(name)
  if (additional === undefined || !isAdditional) return
  if (additional.passes === false)
    report.add(
      'additional_property_not_allowed',
      place,
      `Additional property ${name} is not allowed`,
    )
  else report.merge(validate(additional, value, [...place, name]))
}

function validateNames({ report, schema, place, validate }: Step, value: RegoObject): void {
  const { propertyNames } = schema.single
  if (propertyNames === undefined) return
  for (const [name] of value.entries) {
    const one = validate(propertyNames, name, place)
    if (one.isValid()) continue
    report.add('invalid_property_name', place, `Property name of "${nameOf(name)}" does not match`)
    report.merge(one)
  }
}
