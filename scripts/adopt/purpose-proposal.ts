// Purposes of the registry, and what grants would have to say, for what was seen and no more: no `*`, no sampling,
// no answers of persons unless a person adds them.

import { Type, type Static } from 'typebox'
import { PurposeGrant } from '../../service/contract/purpose-grant.ts'
import type { Purpose, Registry } from '../../service/contract/registry.ts'
import { compileChecker } from '../../service/contract/validate.ts'
import { quoted } from './shown.ts'
import type { SeenPurpose } from './seen-traffic.ts'

/** The claims of a grant that do not name its issuer, its initiator or its time: a person issues it to somebody. */
const Standing = Type.Pick(PurposeGrant, ['purpose', 'capabilities', 'data'])
const check = compileChecker(Standing)

type Accountable = Pick<Purpose, 'owner' | 'review_by'>

export function purposeOf(seen: SeenPurpose, accountable: Accountable): Purpose {
  const { code, classifications, residency, directions } = seen
  return {
    title: code,
    ...accountable,
    classifications: [...classifications],
    residency: [...residency],
    directions: [...directions],
  }
}

/** Null when it would bound nothing that was seen, or be more than one grant can say. */
export function grantOf(seen: SeenPurpose): Static<typeof Standing> | null {
  const { code, classifications, resources, unboundedResources, residency, directions } = seen
  // An empty list means any resource: it may stand only for questions that touched none.
  if (resources.length === 0 && unboundedResources.length > 0) return null
  const capabilities = seen.capabilities.map(({ capability }) => capability)
  const data = { classifications, resources, residency, directions }
  const checked = check({ purpose: { code }, capabilities, data })
  return checked.ok ? checked.value : null
}

/** What a proposal does not say by itself. */
export function questionsOn(seen: SeenPurpose, { purposes }: Registry): readonly string[] {
  const { code, questions, issued, unboundedResources, claimed } = seen
  const name = quoted(code)
  const registered = Object.hasOwn(purposes, code) ? purposes[code] : undefined
  const outside = registered === undefined ? [] : outsideOf(seen, registered)
  const asked: readonly (readonly [boolean, string])[] = [
    [
      issued === 0,
      `was only ever said by agents (${String(questions)} questions): is it a purpose?`,
    ],
    [
      seen.resources.length + unboundedResources.length === 0,
      'touched no named resource: the grant that is proposed does not bound resources',
    ],
    [
      unboundedResources.length > 0,
      `touched ${someOf(unboundedResources)}, which as a bound would cover others: name what it may touch`,
    ],
    [
      claimed.length > 0,
      `was claimed to touch ${someOf(claimed)}, which the registry does not derive`,
    ],
    [seen.borrowsModel, 'was used to ask for a model: bound "sampling", or not'],
    [seen.asksPerson, 'was used to ask a person: grant "clarification", or not'],
    [grantOf(seen) === null, 'has no grant that could be proposed: write it, or split it'],
  ]
  return [
    ...asked.filter(([is]) => is).map(([, question]) => `${name} ${question}`),
    ...outside.map(
      (one) => `${name} is registered and does not cover ${quoted(one)}: widen it, or not`,
    ),
  ]
}

const mostNamed = 5

function someOf(names: readonly string[]): string {
  const more = names.length - mostNamed
  const named = names.slice(0, mostNamed).map(quoted).join(', ')
  return more > 0 ? `${named} and ${String(more)} more` : named
}

function outsideOf(seen: SeenPurpose, registered: Purpose): readonly string[] {
  return [
    ...seen.classifications.filter((one) => !registered.classifications.includes(one)),
    ...seen.residency.filter((one) => !registered.residency.includes(one)),
    ...seen.directions.filter((one) => !registered.directions.includes(one)),
  ]
}
