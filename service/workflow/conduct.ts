/** What a question does to its workflow if it goes ahead: by the facets that the registry gives its capability, and its data. */
import type { Question } from '../contract/policy-input.ts'
import type { Capability, EffectFacet, Parameters } from '../contract/registry.ts'
import type { SamplingBounds } from '../contract/sampling-bounds.ts'
import type { Conduct, Spent, TaintFacet } from '../contract/workflow.ts'
import type { WorkflowRef } from './workflow-facts.ts'

/** Which effects bring which taint; whatever else a capability does, it leaves none. */
const brings: Readonly<Partial<Record<EffectFacet, TaintFacet>>> = {
  reads_secrets: 'private_read',
  reads_private: 'private_read',
  reads_untrusted: 'untrusted_seen',
  calls_external: 'sent',
  modifies_downstream: 'changed',
  irreversible: 'changed',
  executes_code: 'changed',
}

export type Charged = {
  readonly capability: Capability | null
  readonly parameters: Parameters | null
  /** What bounds a sampling: a request for more is cut to it. */
  readonly sampling: readonly (SamplingBounds | null | undefined)[]
}

export function conductOf(question: Question, charged: Charged, ref: WorkflowRef): Conduct {
  return {
    basis: ref.basis,
    ...(ref.root === null ? {} : { root: ref.root }),
    ...(ref.parent === null ? {} : { parent: ref.parent }),
    depth: ref.depth,
    taint: taintOf(question, charged),
    cost: costOf(question, charged),
  }
}

function taintOf(
  { data_scope: scope }: Question,
  { capability, parameters }: Charged,
): TaintFacet[] {
  const facets = new Set<TaintFacet>()
  for (const effect of capability?.effects ?? []) {
    const facet = brings[effect]
    if (facet !== undefined) facets.add(facet)
  }
  const isPrivate = parameters?.workflow?.private_classifications ?? []
  if (scope.classifications.some((name) => isPrivate.includes(name))) facets.add('private_read')
  if (scope.directions.includes('egress')) facets.add('sent')
  return [...facets].sort()
}

function costOf({ phase, sampling }: Question, { capability, ...charged }: Charged): Spent {
  const isCall = phase === 'request'
  const isAsked = phase === 'input_request'
  return {
    calls: isCall ? 1 : 0,
    tokens: isAsked && sampling !== null ? tokensOf(sampling.max_tokens, charged.sampling) : 0,
    rounds: isAsked ? 1 : 0,
    units: isCall ? (capability?.cost ?? 0) : 0,
  }
}

/** What may be used at most: who does not say how many may use all that the bounds give. */
function tokensOf(asked: number | null, bounds: Charged['sampling']): number {
  const least = Math.min(
    ...[asked, ...bounds.map((bound) => bound?.max_tokens)].filter(
      (tokens) => typeof tokens === 'number',
    ),
  )
  return Number.isFinite(least) ? Math.max(0, Math.min(Math.ceil(least), 1e12)) : 0
}
