/** Keywords for arrays. */
import type { RegoValue } from '../../rego-value.ts'
import { comparableJson } from './comparable-json.ts'
import { nearest, type Place, Report, type Step } from './report.ts'

type Items = readonly RegoValue[]

export function validateArray(step: Step, items: Items): void {
  const { report, schema, place } = step
  validateItems(step, items)
  const { minItems = 0, maxItems = Infinity } = schema.counts
  if (items.length < minItems)
    report.add('array_min_items', place, `Array must have at least ${String(minItems)} items`)
  if (items.length > maxItems)
    report.add('array_max_items', place, `Array must have at most ${String(maxItems)} items`)
  if (schema.isUnique) validateUnique(report, items, place)
  validateContained(step, items)
  report.count()
}

function validateItems({ report, schema, place, validate }: Step, items: Items): void {
  const places = 'draft' in schema.items ? [] : schema.items
  const rest = 'draft' in schema.items ? schema.items : schema.single.additionalItems
  const hasRest = 'draft' in schema.items || places.length > 0
  for (const [i, item] of items.entries()) {
    const child = places[i] ?? (hasRest ? rest : undefined)
    if (child === undefined) continue
    if (i >= places.length && places.length > 0 && child.passes === false) {
      report.add('array_no_additional_items', place, 'No additional items allowed on array')
      return
    }
    report.merge(validate(child, item, [...place, String(i)]))
  }
}

function validateUnique(report: Report, items: Items, place: Place): void {
  const seen = new Map<string, number>()
  for (const [j, item] of items.entries()) {
    const text = comparableJson(item)
    const i = seen.get(text)
    if (i !== undefined)
      report.add('unique', place, `array items[${String(i)},${String(j)}] must be unique`)
    seen.set(text, j)
  }
}

function validateContained({ report, schema, place, validate }: Step, items: Items): void {
  const { contains } = schema.single
  if (contains === undefined) return
  const failed: Report[] = []
  for (const [i, item] of items.entries()) {
    const one = validate(contains, item, [...place, String(i)])
    if (one.isValid()) return
    failed.push(one)
  }
  report.add('contains', place, 'At least one of the items must match')
  report.merge(nearest(failed) ?? new Report())
}
