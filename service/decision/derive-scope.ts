/**
 * The data scope of a question: derived from the registry's mappings over arguments, URI and result.
 *
 * What the caller claims only adds to it. A mapping that must find something and does not leaves the
 * scope unresolved, which policy denies.
 */
import type { DataScope } from '../contract/policy-input.ts'
import type { Query } from '../contract/query.ts'
import type { Capability, ScopeRule } from '../contract/registry.ts'
import { canonicalJson } from '../statement/canonical-json.ts'
import { valueAt } from './json-value.ts'
import { leadsElsewhere } from '../statement/leads-elsewhere.ts'

type Gathered = {
  readonly classifications: Set<string>
  readonly resources: Set<string>
  readonly residency: Set<string>
  readonly directions: Set<DataScope['directions'][number]>
  readonly unresolved: string[]
}

export function deriveScope(query: Query, capability: Capability | null): DataScope {
  const gathered: Gathered = {
    classifications: new Set(query.data_scope?.classifications),
    resources: new Set(query.data_scope?.resources),
    residency: new Set(query.data_scope?.residency),
    directions: new Set(
      query.data_scope?.direction === undefined ? [] : [query.data_scope.direction],
    ),
    unresolved: [],
  }
  for (const rule of capability?.data_scope ?? []) apply(rule, query, gathered)
  return {
    classifications: sorted(gathered.classifications),
    directions: sorted(gathered.directions),
    residency: sorted(gathered.residency),
    resources: sorted(gathered.resources),
    unresolved: gathered.unresolved.sort(),
  }
}

function sorted<T extends string>(values: ReadonlySet<T>): T[] {
  return [...values].sort()
}

function apply(rule: ScopeRule, query: Query, gathered: Gathered): void {
  if (rule.source === 'result' && query.phase !== 'result') return
  const values = valuesOf(rule, query)
  if (values.length === 0 && rule.required === true) {
    gathered.unresolved.push(`${rule.source}/${(rule.path ?? []).join('/')}`)
  }
  for (const value of values) {
    if (matches(rule, value)) add(rule.add, value, gathered)
  }
}

function add(addition: ScopeRule['add'], value: unknown, gathered: Gathered): void {
  for (const name of addition.classifications ?? []) gathered.classifications.add(name)
  for (const name of addition.residency ?? []) gathered.residency.add(name)
  if (addition.direction !== undefined) gathered.directions.add(addition.direction)
  for (const template of addition.resources ?? []) {
    const text = plain(value)
    // A resource is held against the prefixes of a grant: it must be the one that it names.
    if (leadsElsewhere(text)) gathered.unresolved.push(template)
    gathered.resources.add(template.replaceAll('{value}', () => text))
  }
}

/** The values that the rule looks at; an array stands for each of its items. */
function valuesOf(rule: ScopeRule, query: Query): readonly unknown[] {
  const value = sourceValue(rule, query)
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}

function sourceValue(rule: ScopeRule, query: Query): unknown {
  switch (rule.source) {
    case 'always':
      return true
    case 'uri':
      return query.capability.uri
    case 'arguments':
      return valueAt(query.capability.arguments, rule.path ?? [])
    case 'result':
      return valueAt(query.result, rule.path ?? [])
  }
}

/** What may lead elsewhere, and what is no text, may lead inside: then the stricter scope is added. */
function matches(rule: ScopeRule, value: unknown): boolean {
  if (rule.equals !== undefined && value !== rule.equals) return false
  if (rule.prefix === undefined || typeof value !== 'string') return true
  return value.startsWith(rule.prefix) || leadsElsewhere(value)
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : canonicalJson(value)
}
