/** The issuing rules of the purpose that a grant is asked for, each with what of the request reaches beyond it. */
import type { RegistrySlice } from '../contract/policy-input.ts'
import type { Query } from '../contract/query.ts'
import { isClient } from '../audit/asked-by.ts'
import { issuableTerms } from '../purpose/granted.ts'
import { boundsWiderThan } from '../purpose/narrow.ts'
import { askedTerms } from './asked-terms.ts'
import type { Facts } from './facts.ts'

export type AskedGrant = { readonly capability: Pick<Query['capability'], 'kind' | 'arguments'> }

/** A recorded input does not say whose client the gateway is. */
export type IssuingFacts = Pick<Facts, 'index' | 'now'> & {
  readonly pep: { readonly id: string; readonly issuer: string | null }
}

export function issuingSlice(
  query: AskedGrant,
  { index, pep, now }: IssuingFacts,
): NonNullable<RegistrySlice['issuing']> {
  const asked = askedTerms(query, Math.floor(now / 1000))
  return Object.entries(index.registry.issuing ?? {})
    .filter(([, { purposes }]) => purposes.includes(asked.code))
    .map(([id, rule]) => ({
      approval: rule.approval ?? null,
      groups: rule.by.groups ?? [],
      id,
      initiators: rule.initiators,
      max_seconds: rule.max_seconds,
      names_gateway: (rule.by.clients ?? []).some(({ issuer, client_id: id }) =>
        isClient(pep.id, pep.issuer, { id, issuer }),
      ),
      outside: [...boundsWiderThan(asked, issuableTerms(rule, asked))],
      owner: rule.owner,
      review_by: rule.review_by,
    }))
}
