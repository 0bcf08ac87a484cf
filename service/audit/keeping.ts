/**
 * The plan by which a record is taken apart: which of its members is of which class, and how long each class is kept.
 *
 * Pure, and made once for a registry and a phase. What quotes or derives from other members (reasons, scope) is of whichever class
 * of the record ends first, so that nothing outlives what it was made of.
 */
import { defaultKeepDays, recordParts, type Privacy, type RecordPart } from '../contract/privacy.ts'
import type { Phase } from '../contract/query.ts'

/** Days; null: no end but by erasure. */
export type KeepDays = number | null

export type KeepingNode = {
  /** The class of what lies here and is not named below; null: that of what it lies in. */
  readonly own: string | null
  readonly members: ReadonlyMap<string, KeepingNode>
}

export type Keeping = {
  readonly root: KeepingNode
  readonly keepDays: (name: string) => KeepDays
}

/** Takes the class of the record that ends first. */
export const derived = '*'

type Growing = { own: string | null; readonly members: Map<string, Growing> }

const question = '/input/question'

const places: readonly (readonly [RecordPart | typeof derived, readonly string[]])[] = [
  ['arguments', [`${question}/arguments`, `${question}/uri`]],
  ['prompts', [`${question}/elicitation`, `${question}/sampling`]],
  ['results', [`${question}/list`, `${question}/result`]],
  ['names', ['/input/verified/initiator', '/voter']],
  [derived, ['/reasons', `${question}/data_scope`]],
  // Always taken apart, so that each of their members can be shown by itself.
  ['other', ['', '/input', question, '/input/verified']],
]

/** @param phase of the question whose content the record has; null for a record without one */
export function keepingOf(privacy: Privacy | null, phase: Phase | null): Keeping {
  const root: Growing = { own: 'other', members: new Map() }
  for (const [part, pointers] of places)
    for (const pointer of pointers) nodeAt(root, pointer.split('/').slice(1)).own = part
  if (phase !== null)
    nodeAt(root, `${question}/content`.split('/').slice(1)).own = contentPart(phase)
  const own = Object.entries(privacy?.classes ?? {})
  for (const [name, { fields = [] }] of own)
    for (const field of fields) {
      const [part = '', ...members] = field.split('/')
      const base = baseOf(part, phase)
      if (base !== null) nodeAt(root, [...base, ...members]).own = name
    }
  const days = new Map<string, KeepDays>([
    ...recordParts.map((part) => [part, defaultKeepDays] as const),
    ...own.map(([name, { keep_days: keep }]) => [name, keep] as const),
  ])
  const shortest = [...days.values()].reduce(shorter)
  // A class that the tenant names no more is not kept longer than any that it does.
  return { root, keepDays: (name) => days.get(name) ?? (days.has(name) ? null : shortest) }
}

/** The one that ends first. */
export function shorter(a: KeepDays, b: KeepDays): KeepDays {
  if (a === null || b === null) return a ?? b
  return Math.min(a, b)
}

function contentPart(phase: Phase): RecordPart {
  if (phase === 'result') return 'results'
  return phase === 'input_response' ? 'answers' : 'prompts'
}

/** Where the members of a part lie in a record of that phase; null when it has none. */
function baseOf(part: string, phase: Phase | null): readonly string[] | null {
  if (part === 'arguments') return ['input', 'question', 'arguments']
  return phase !== null && contentPart(phase) === part ? ['input', 'question', 'content'] : null
}

function nodeAt(root: Growing, path: readonly string[]): Growing {
  return path.reduce((node, name) => {
    const next = node.members.get(name) ?? { own: null, members: new Map<string, Growing>() }
    node.members.set(name, next)
    return next
  }, root)
}

const plans = new WeakMap<object, Map<string, Keeping>>()
const unnamed = {}

/** The same plan for the same registry and phase. */
export function keepingFor(
  registry: { readonly privacy?: Privacy } | null,
  phase: Phase | null,
): Keeping {
  const privacy = registry?.privacy ?? null
  const known = plans.get(privacy ?? unnamed) ?? new Map<string, Keeping>()
  plans.set(privacy ?? unnamed, known)
  const key = phase ?? ''
  const plan = known.get(key) ?? keepingOf(privacy, phase)
  known.set(key, plan)
  return plan
}

const day = 86_400

/**
 * Seconds of the period in which one key is used: what is kept ends at most that much late, by whole periods, and a person has few
 * keys. A sixteenth of the time, a day at least and a month at most.
 */
export function periodOf(keep: KeepDays): number {
  return Math.min(Math.max(Math.ceil((keep ?? Infinity) / 16), 1), 30) * day
}

/** The moment, in seconds, before which keys of a class must have ended to be over now; null: no time ends it. */
export function endOf(keep: KeepDays, now: number): number | null {
  return keep === null ? null : now - keep * day
}
