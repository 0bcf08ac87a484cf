/**
 * Whether one grant lies inside another: the order by which a grant may only be narrowed.
 *
 * Reflexive and transitive, and sound: what a grant that lies inside another permits, the other permits too. It may call
 * something wider that is not; it never calls something narrower that is wider. Ids of servers have no slash.
 */
import type { GrantBudgets, GrantedData } from '../contract/grant-terms.ts'
import type { SamplingBounds } from '../contract/sampling-bounds.ts'
import { leadsElsewhere } from '../statement/leads-elsewhere.ts'

/** All that a grant permits, whoever issued it. */
export type GrantTerms = {
  readonly initiator: { readonly iss: string; readonly sub: string }
  /** Null: any client. */
  readonly agent: string | null
  readonly code: string
  /** Null: none in particular. */
  readonly ref: string | null
  readonly capabilities: readonly string[]
  readonly data: Readonly<{ [K in keyof GrantedData]: readonly GrantedData[K][number][] }>
  readonly sampling: SamplingBounds | null
  readonly clarification: boolean
  readonly budgets: GrantBudgets
  /** Seconds since the epoch. */
  readonly notBefore: number
  readonly expiresAt: number
}

export const termNames = [
  'initiator',
  'agent',
  'purpose',
  'capabilities',
  'classifications',
  'resources',
  'residency',
  'directions',
  'sampling',
  'clarification',
  'budgets',
  'times',
] as const
export type TermName = (typeof termNames)[number]

type Row = readonly [TermName, (narrow: GrantTerms, wide: GrantTerms) => boolean]

const bounds: readonly Row[] = [
  ['capabilities', (n, w) => n.capabilities.every((one) => isCovered(one, w.capabilities))],
  ['classifications', (n, w) => isSubset(n.data.classifications, w.data.classifications)],
  ['resources', (n, w) => areUnder(n.data.resources, w.data.resources)],
  ['residency', (n, w) => isSubset(n.data.residency, w.data.residency)],
  ['directions', (n, w) => isSubset(n.data.directions, w.data.directions)],
  ['sampling', (n, w) => isLesserLoan(n.sampling, w.sampling)],
  ['clarification', (n, w) => w.clarification || !n.clarification],
]

const whole: readonly Row[] = [
  ['initiator', ({ initiator: n }, { initiator: w }) => n.iss === w.iss && n.sub === w.sub],
  ['agent', (n, w) => w.agent === null || n.agent === w.agent],
  ['purpose', (n, w) => n.code === w.code && (w.ref === null || n.ref === w.ref)],
  ...bounds,
  ['budgets', (n, w) => areLess(n.budgets, w.budgets)],
  ['times', (n, w) => n.notBefore >= w.notBefore && n.expiresAt <= w.expiresAt],
]

/** What of it reaches beyond the other; empty: it lies inside. */
export function widerThan(narrow: GrantTerms, wide: GrantTerms): readonly TermName[] {
  return whole.flatMap(([name, lies]) => (lies(narrow, wide) ? [] : [name]))
}

/** The same of what is given alone, whoever may use it and however long: what an issuing rule bounds. */
export function boundsWiderThan(narrow: GrantTerms, wide: GrantTerms): readonly TermName[] {
  return bounds.flatMap(([name, lies]) => (lies(narrow, wide) ? [] : [name]))
}

function isSubset(narrow: readonly string[], wide: readonly string[]): boolean {
  return narrow.every((one) => wide.includes(one))
}

function isCovered(pattern: string, patterns: readonly string[]): boolean {
  return patterns.some((wide) => wide === pattern || covers(wide, pattern))
}

/** Kinds whose keys begin with them; the key of any other kind is the kind itself. */
const named: readonly string[] = ['tool', 'prompt', 'resource']

function covers(wide: string, narrow: string): boolean {
  const [server, key] = split(wide)
  const [itsServer, itsKey] = split(narrow)
  if (server !== itsServer || key === null || itsKey === null) return false
  if (key === '*') return true
  // What covers everything of its server is covered by nothing less.
  return key.endsWith('*') && itsKey !== '*' && (ofKind(key, itsKey) || ofPrefix(key, itsKey))
}

/** `<kind>:*` */
function ofKind(wide: string, narrow: string): boolean {
  if (!wide.endsWith(':*')) return false
  const kind = wide.slice(0, -2)
  return named.includes(kind) ? narrow.startsWith(`${kind}:`) : narrow === kind
}

/** `resource:<prefix>*` */
function ofPrefix(wide: string, narrow: string): boolean {
  const prefix = wide.slice(0, -1)
  return (
    prefix.startsWith('resource:') && narrow.startsWith(prefix) && !leadsElsewhere(bare(narrow))
  )
}

function split(pattern: string): readonly [server: string, key: string | null] {
  const at = pattern.indexOf('/')
  return at === -1 ? [pattern, null] : [pattern.slice(0, at), pattern.slice(at + 1)]
}

function bare(key: string): string {
  return key.endsWith('*') ? key.slice(0, -1) : key
}

function areUnder(narrow: readonly string[], wide: readonly string[]): boolean {
  if (wide.length === 0) return true
  return narrow.length > 0 && narrow.every((one) => wide.some((prefix) => isUnder(one, prefix)))
}

/** A prefix ends where a name ends, as policy has it. */
function isUnder(narrow: string, prefix: string): boolean {
  if (narrow === prefix) return true
  if (prefix === '' || !narrow.startsWith(prefix) || leadsElsewhere(narrow)) return false
  return /[/:]$/u.test(prefix) || '/:?#'.includes(narrow.charAt(prefix.length))
}

function isLesserLoan(narrow: SamplingBounds | null, wide: SamplingBounds | null): boolean {
  if (narrow === null) return true
  if (wide === null) return false
  return (
    isSubset(narrow.include_context, wide.include_context) &&
    narrow.models.every((model) => wide.models.some((one) => listsModel(one, model))) &&
    narrow.max_tokens <= wide.max_tokens &&
    narrow.max_rounds <= wide.max_rounds &&
    isLess(narrow.max_context_bytes, wide.max_context_bytes)
  )
}

/** By its name, or by a prefix that ends in `*`. */
function listsModel(wide: string, narrow: string): boolean {
  return wide === narrow || (wide.endsWith('*') && narrow.startsWith(wide.slice(0, -1)))
}

function areLess(narrow: GrantBudgets, wide: GrantBudgets): boolean {
  return isLess(narrow.calls, wide.calls) && isLess(narrow.model_calls, wide.model_calls)
}

/** What is left out bounds nothing. */
function isLess(narrow: number | undefined, wide: number | undefined): boolean {
  return wide === undefined || (narrow !== undefined && narrow <= wide)
}
