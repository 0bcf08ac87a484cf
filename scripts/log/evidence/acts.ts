// What the codes of one leaf did, by the leaf alone and, where it was given, what was disclosed beside it.

import type { DecisionLeaf, Leaf } from '../../../service/contract/leaf.ts'
import { disclosedParts, isOfLeaf } from '../read/disclosure-of.ts'
import type { CataloguedCode } from './read-catalogue.ts'

/** What became of the decision in which a code stood; `refused`: of a bundle. */
export const ways = [
  'denied',
  'held',
  'waived',
  'observed',
  'permitted',
  'obliged',
  'refused',
] as const
export type Way = (typeof ways)[number]

export interface Act {
  readonly code: string
  readonly way: Way
}

export interface Acts {
  readonly acts: readonly Act[]
  /** A code of it may have been waived, and nothing that is disclosed says whether it was. */
  readonly isUntold: boolean
}

type Catalogue = ReadonlyMap<string, Pick<CataloguedCode, 'effect' | 'waivable'>>

/** Each code at most once, whatever number of findings had it. */
export function actsOf(leaf: Leaf, disclosure: string | null, catalogue: Catalogue): Acts {
  if (leaf.kind === 'decision') return actsOfDecision(leaf, disclosure, catalogue)
  const codes = leaf.kind === 'bundle_refusal' ? leaf.event['reasons'] : []
  const refused = Array.isArray(codes) ? codes.filter((code) => typeof code === 'string') : []
  return { acts: [...new Set(refused)].map((code) => ({ code, way: 'refused' })), isUntold: false }
}

function actsOfDecision(leaf: DecisionLeaf, disclosure: string | null, catalogue: Catalogue): Acts {
  const standing = standingCodes(leaf, disclosure)
  const against = [...new Set(leaf.reasons.map(({ code }) => code))].map((code): Act => {
    const isWaived =
      standing === null ? cannotStand(leaf, catalogue.get(code)?.effect) : !standing.has(code)
    return { code, way: isWaived ? 'waived' : wayOf(leaf) }
  })
  const acted = (codes: readonly string[], way: Way): readonly Act[] =>
    [...new Set(codes)].map((code) => ({ code, way }))
  return {
    acts: [
      ...against,
      ...acted(leaf.authority.rules, 'permitted'),
      ...acted(
        leaf.obligations.map(({ id }) => id),
        'obliged',
      ),
    ],
    isUntold:
      standing === null &&
      against.length > 1 &&
      against.some(({ code, way }) => way !== 'waived' && catalogue.get(code)?.waivable === true),
  }
}

/** The codes that no exception waived; null when that is not disclosed. */
function standingCodes(leaf: DecisionLeaf, disclosure: string | null): ReadonlySet<string> | null {
  if (disclosure === null || !isOfLeaf(disclosure, leaf)) return null
  const { reasons } = disclosedParts(disclosure)
  if (reasons === undefined) return null
  return new Set(reasons.filter(({ params }) => !('waived_by' in params)).map(({ code }) => code))
}

/** The leaf does not say what was waived: but nothing stands in a permit, and in a hold nothing that denies. */
function cannotStand({ effect }: DecisionLeaf, ofCode: string | undefined): boolean {
  return effect === 'permit' || (effect === 'hold' && ofCode === 'deny')
}

function wayOf({ effect, observed }: DecisionLeaf): Way {
  if (observed !== undefined) return 'observed'
  return effect === 'hold' ? 'held' : 'denied'
}
