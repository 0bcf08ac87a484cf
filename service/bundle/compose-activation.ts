/**
 * All bundles of a tenant as one activation: disjoint roots, one policy, the data of all of them.
 *
 * Its digest names the set, so that the same digest always means the same policy and the same data.
 */
import type { PolicyAuthor } from '../contract/policy-author.ts'
import type { PolicyRevision } from '../contract/decision.ts'
import type { RuleMap } from '../contract/rule-map.ts'
import { digestOf } from '../statement/digest.ts'
import { mergeData } from './bundle-data.ts'
import type { JsonObject } from './json-value.ts'
import type { Bundle } from './read-bundle.ts'
import { refusal } from './refusal.ts'
import { firstOverlap } from './roots.ts'
import { importedMemory } from './wasm-memory.ts'

export const decisionEntrypoint = 'countersign/decision'

export type Activation = {
  readonly policy: PolicyRevision
  readonly wasm: Uint8Array
  readonly entrypoint: string
  /** Who wrote any of them. */
  readonly authors: readonly PolicyAuthor[]
  /** The policy judges bare AuthZEN evaluations. */
  readonly rawAuthzen: boolean
  /** Where each rule of the policy stands and what it reads. */
  readonly rules: RuleMap
  readonly data: JsonObject
  readonly bundles: readonly Bundle[]
}

/** @param maximumPages of memory that the policy may have */
export function composeActivation(bundles: readonly Bundle[], maximumPages: number): Activation {
  const overlap = firstOverlap(bundles.flatMap((bundle) => bundle.roots))
  if (overlap !== null) {
    throw refusal(
      'roots_overlap',
      '',
      `two bundles own "${overlap[0]}" and "${overlap[1]}": give them disjoint roots`,
    )
  }
  const { bundle, wasm } = onlyPolicy(bundles)
  checkMemory(wasm, maximumPages)
  return Object.freeze({
    policy: Object.freeze({ revision: bundle.revision, digest: digestOfSet(bundles) }),
    wasm,
    entrypoint: decisionEntrypoint,
    authors: bundles.flatMap(({ authors }) => authors),
    rawAuthzen: bundle.rawAuthzen,
    rules: bundle.rules,
    data: dataOf(bundles),
    bundles,
  })
}

/** The data of all of them, member by member. */
export function dataOf(bundles: readonly Bundle[]): JsonObject {
  return bundles.reduce<JsonObject>(
    (data, next) => mergeData(data, next.data, next.revision),
    new Map(),
  )
}

/** In any order: the bundles are a set. */
function digestOfSet(bundles: readonly Bundle[]): PolicyRevision['digest'] {
  return digestOf('bundle-set', bundles.map((bundle) => bundle.digest).sort())
}

function onlyPolicy(bundles: readonly Bundle[]): { bundle: Bundle; wasm: Uint8Array } {
  const [first, second] = bundles.flatMap((bundle) =>
    bundle.wasm !== null && bundle.entrypoints.includes(decisionEntrypoint)
      ? [{ bundle, wasm: bundle.wasm }]
      : [],
  )
  if (first === undefined || second !== undefined) {
    throw refusal(
      'policy_count',
      '',
      `exactly one bundle must hold the policy with the entrypoint ${decisionEntrypoint} (opa build -t wasm -e ${decisionEntrypoint})`,
    )
  }
  return first
}

function checkMemory(wasm: Uint8Array, maximumPages: number): void {
  const { minimum } = importedMemory(wasm)
  if (minimum <= maximumPages) return
  throw refusal(
    'memory',
    'policy.wasm',
    `the policy needs ${minimum} pages of memory and may have ${maximumPages}: raise the limit or shrink its constants`,
  )
}
