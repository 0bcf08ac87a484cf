// What recorded questions show of purposes: which capabilities were asked for under which code, by how many, and
// what data they touched.

import type { DataScope, PolicyInput } from '../../service/contract/policy-input.ts'
import { seenQuestion, type SeenQuestion } from './seen-question.ts'

export interface SeenPurpose {
  readonly code: string
  readonly questions: number
  /** Of them: under an issued grant. The others only said so. */
  readonly issued: number
  readonly initiators: number
  /** Sorted, as all of these. */
  readonly capabilities: readonly SeenCapability[]
  readonly classifications: readonly string[]
  readonly residency: readonly string[]
  readonly directions: readonly DataScope['directions'][number][]
  readonly resources: readonly string[]
  /** Seen, and not proposed: a bound by any of them would cover others, which were not seen. */
  readonly unboundedResources: readonly string[]
  readonly claimed: readonly string[]
  readonly asksPerson: boolean
  readonly borrowsModel: boolean
}

export interface SeenCapability {
  readonly capability: string
  readonly questions: number
  readonly initiators: number
}

export interface SeenTraffic {
  readonly purposes: readonly SeenPurpose[]
  /** What nothing is proposed for, and why. */
  readonly left: readonly string[]
}

export function seenIn(inputs: readonly PolicyInput[]): SeenTraffic {
  const read = inputs.map(seenQuestion)
  const seen = read.filter((one) => typeof one !== 'string')
  const reasons = Map.groupBy(
    read.filter((one) => typeof one === 'string'),
    (why) => why,
  )
  return {
    purposes: sortedBy(
      [...Map.groupBy(seen, ({ code }) => code)].map(([code, under]) => seenUnder(code, under)),
      ({ code }) => code,
    ),
    left: [...reasons].map(
      ([why, all]) => `${String(all.length)} questions ${why}: nothing is proposed for them`,
    ),
  }
}

function seenUnder(code: string, under: readonly SeenQuestion[]): SeenPurpose {
  const all = <T extends string>(of: (one: SeenQuestion) => readonly T[]): readonly T[] =>
    [...new Set(under.flatMap(of))].sort()
  const bare = new Set(under.flatMap((one) => one.bare))
  const touched = all(({ scope }) => scope.resources)
  const isBounded = (one: string, at: number): boolean =>
    // They are sorted: what begins with this one follows it.
    !bare.has(one) && touched[at + 1]?.startsWith(one) !== true
  return {
    code,
    questions: under.length,
    issued: under.filter(({ isIssued }) => isIssued).length,
    initiators: initiatorsOf(under),
    capabilities: sortedBy(
      [...Map.groupBy(under, ({ capability }) => capability)].map(([capability, its]) => ({
        capability,
        questions: its.length,
        initiators: initiatorsOf(its),
      })),
      ({ capability }) => capability,
    ),
    classifications: all(({ scope }) => scope.classifications),
    residency: all(({ scope }) => scope.residency),
    directions: all(({ scope }) => scope.directions),
    resources: touched.filter(isBounded),
    unboundedResources: touched.filter((one, at) => !isBounded(one, at)),
    claimed: all((one) => one.claimed),
    asksPerson: under.some(({ asksPerson }) => asksPerson),
    borrowsModel: under.some(({ borrowsModel }) => borrowsModel),
  }
}

function initiatorsOf(under: readonly SeenQuestion[]): number {
  return new Set(under.map(({ initiator }) => initiator)).size
}

function sortedBy<T>(list: readonly T[], of: (one: T) => string): readonly T[] {
  return list.toSorted((a, b) => (of(a) < of(b) ? -1 : 1))
}
