/** What decisions are found by: each is listed under the words of its leaf that somebody may ask for. */
import type { DecisionLeaf, Leaf } from '../contract/leaf.ts'
import { answeredEffect } from '../contract/observation.ts'
import { sha256 } from '../statement/digest.ts'

/** One value for each that is asked for; all must hold. */
export type DecisionFilter = {
  /** What the gateway was told. */
  readonly effect?: string
  readonly server?: string
  /** A pseudonym, as leaves have it. */
  readonly initiator?: string
  /** As it is registered. */
  readonly capability?: string
  /** The code of a purpose. */
  readonly purpose?: string
  readonly workflow?: string
  /** One of the codes of its reasons. */
  readonly code?: string
}

type FilterField = keyof DecisionFilter

export const filterFields: readonly FilterField[] = [
  'effect',
  'server',
  'initiator',
  'capability',
  'purpose',
  'workflow',
  'code',
]

type Term = readonly [field: FilterField, value: string]

export function termsOf(leaf: DecisionLeaf): readonly Term[] {
  const { sub, capability, purpose, reasons } = leaf
  const codes = new Set(reasons.map(({ code }) => code))
  return [
    ['effect', answeredEffect(leaf)],
    ['server', capability.server],
    ...optional('initiator', sub),
    ...optional('capability', capability.key),
    ...optional('purpose', purpose?.code ?? null),
    ['workflow', leaf.workflow.id],
    ...[...codes].map((code): Term => ['code', code]),
  ]
}

function optional(field: FilterField, value: string | null): readonly Term[] {
  return value === null ? [] : [[field, value]]
}

export function termsAsked(filter: DecisionFilter): readonly Term[] {
  return Object.entries(filter).map(([field, value]) => [field as FilterField, value])
}

/** True for a decision of which all that is asked holds. */
export function meetsFilter(leaf: Leaf, filter: DecisionFilter): boolean {
  if (leaf.kind !== 'decision') return false
  const terms = termsOf(leaf)
  return termsAsked(filter).every(([field, value]) =>
    terms.some((term) => term[0] === field && term[1] === value),
  )
}

/** 52 bits of a hash: two terms may share a number, so what is found by it is held against its leaf. */
export function termNumber([field, value]: Term): number {
  const hash = sha256(`${field}\0${value}`)
  const view = new DataView(hash.buffer, hash.byteOffset)
  return view.getUint32(0) * 2 ** 20 + (view.getUint32(4) >>> 12)
}
