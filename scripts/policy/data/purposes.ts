// Purposes: what one allows must be what some capability needs, or nobody can ever use it.

import { pointerTo } from '../../../service/contract/json-pointer.ts'
import type { Registry } from '../../../service/contract/registry.ts'
import type { Finding } from './finding.ts'
import { capabilitiesOf } from './references.ts'

export function purposeFindings(registry: Registry): readonly Finding[] {
  // What has no data scope of its own lies inside any purpose, and says nothing of this one.
  const scopes = capabilitiesOf(registry)
    .map(scopesOf)
    .filter((one) => one.length > 0)
  return Object.entries(registry.purposes).flatMap(([code, purpose]) => {
    if (scopes.length === 0 || scopes.some((one) => lies(one, purpose))) return []
    const message = `no registered capability lies inside the purpose ${code}: widen it, or take it out`
    const pointer = pointerTo('/purposes', code)
    return [{ pointer, message, code: 'data.purpose_unused', severity: 'warning' as const }]
  })
}

type Purpose = Registry['purposes'][string]
type Scope = NonNullable<
  ReturnType<typeof capabilitiesOf>[number]['capability']['data_scope']
>[number]['add']

/** What every use of the capability adds to its data scope. */
function scopesOf({
  capability: { data_scope: rules = [] },
}: ReturnType<typeof capabilitiesOf>[number]): readonly Scope[] {
  return rules.map(({ add }) => add)
}

/** Some use of it lies inside: what only some arguments add need not. */
function lies(scopes: readonly Scope[], purpose: Purpose): boolean {
  const [always = {}] = scopes
  const { classifications = [], residency = [], direction } = always
  return (
    classifications.every((name) => purpose.classifications.includes(name)) &&
    residency.every((name) => purpose.residency.includes(name)) &&
    (direction === undefined || purpose.directions.includes(direction))
  )
}
