/** What a rule demands of an approval: who must consent, and how surely. Data of the registry, bound by what is shown. */
import { Type, type Static } from 'typebox'
import { ArgumentBound } from './argument-bound.ts'
import { closed, Name, oneOf } from './digest.ts'

/**
 * How a person consented, the least first: signed in at the tenant's issuer, by a token that whoever holds it may show;
 * bound to a key, over the very vote; by a passkey, over the very thing that was shown.
 *
 * What a client says of its own user (an `accept` inside MCP) and what the same user confirms at a URL are less than
 * any of these: neither is a vote, so that no rule can be met by them.
 */
export const assurances = ['signed_in', 'key_bound', 'passkey'] as const
export const Assurance = oneOf(assurances)
export type Assurance = Static<typeof Assurance>

/** Beside the group and the number of its persons; left out: nothing more is demanded. */
export const demandMembers = {
  /** By which each of the persons must consent at least; left out: signed in. */
  assurance: Type.Optional(Assurance),
  /** Workloads of the registry (`workload_voters`) that must all consent, too; none of them is a person. */
  workloads: Type.Optional(Type.Array(Name, { minItems: 1, maxItems: 8, uniqueItems: true })),
  /** How often what is approved may be done; left out: once. */
  uses: Type.Optional(Type.Integer({ minimum: 2, maximum: 100 })),
  /** Arguments that may differ from those that were shown, each inside its bound; all others are as shown. */
  template: Type.Optional(Type.Array(ArgumentBound, { minItems: 1, maxItems: 16 })),
}

export const ApprovalDemand = Type.Object(
  { group: Name, quorum: Type.Integer({ minimum: 1, maximum: 16 }), ...demandMembers },
  closed,
)
export type ApprovalDemand = Static<typeof ApprovalDemand>

/** Of a hold, or whatever else has its members; null: it asks nobody for an approval. */
export function demandOf({
  group,
  quorum,
  assurance,
  workloads,
  uses,
  template,
}: Partial<ApprovalDemand>): ApprovalDemand | null {
  if (group === undefined || quorum === undefined) return null
  return {
    ...(assurance === undefined ? {} : { assurance }),
    ...{ group, quorum },
    ...(template === undefined ? {} : { template: [...template] }),
    ...(uses === undefined ? {} : { uses }),
    ...(workloads === undefined ? {} : { workloads: [...workloads] }),
  }
}
