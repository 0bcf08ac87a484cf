/**
 * Whether the policies along a chain leave any that is good for all of it, where the chain demands that
 * (RFC 5280 section 6.1, as RFC 9618 updates it). All policies are acceptable to us: so of the graph no more is
 * needed than its last level, and what each policy there is called further down.
 */
import type { Certificate } from './certificate.ts'

const anyPolicy = '2.5.29.32.0'

/** By valid policy: what it is called below. */
type Level = Map<string, readonly string[]>

/** How many certificates may still come before each holds. */
type Counters = { explicit: number; mapping: number; any: number }

/** @param chain from the leaf to the root, whose own policies do not count */
export function arePoliciesValid(chain: readonly Certificate[]): boolean {
  const path = chain.slice(0, -1).reverse()
  const leaf = path.at(-1)
  if (leaf === undefined) return true
  const start = path.length + 1
  const counters: Counters = { explicit: start, mapping: start, any: start }
  let level: Level | null = new Map([[anyPolicy, [anyPolicy]]])
  for (const authority of path.slice(0, -1)) {
    level = levelBelow(level, authority, counters.any > 0 || isSelfIssued(authority))
    if (level === null ? counters.explicit === 0 : !renames(level, authority, counters))
      return false
    countDown(counters, authority)
  }
  level = levelBelow(level, leaf, counters.any > 0)
  // The leaf itself is the last that may come before a policy is needed.
  const isNeeded = counters.explicit <= 1 || leaf.facts.requireExplicitPolicy === 0
  return !isNeeded || (level !== null && level.size > 0)
}

/** @param anyCounts whether `any policy` of the certificate stands for all that is called for */
function levelBelow(
  level: Level | null,
  { facts: { policies } }: Certificate,
  anyCounts: boolean,
): Level | null {
  if (level === null || policies === null || policies.length === 0) return null
  const called = new Set([...level.values()].flat())
  const said = policies.filter((policy) => policy !== anyPolicy)
  const valid = said.filter((policy) => called.has(policy) || level.has(anyPolicy))
  const all = policies.includes(anyPolicy) && anyCounts ? [...valid, ...called] : valid
  return new Map(all.map((policy) => [policy, [policy]]))
}

/** Calls policies otherwise, or deletes them where that is inhibited. False when the mapping itself is wrong. */
function renames(level: Level, certificate: Certificate, { mapping }: Counters): boolean {
  const mappings = certificate.facts.policyMappings
  if (mapping === 0) {
    for (const { issuer } of mappings) level.delete(issuer)
    return true
  }
  if (mappings.some(({ issuer, subject }) => issuer === anyPolicy || subject === anyPolicy))
    return false
  const isRenamed = (issuer: string): boolean => level.has(issuer) || level.has(anyPolicy)
  const issuers = mappings.map(({ issuer }) => issuer).filter(isRenamed)
  for (const issuer of issuers)
    level.set(
      issuer,
      mappings.filter((one) => one.issuer === issuer).map(({ subject }) => subject),
    )
  return true
}

function countDown(counters: Counters, certificate: Certificate): void {
  const { requireExplicitPolicy, inhibitPolicyMapping, inhibitAnyPolicy } = certificate.facts
  const step = isSelfIssued(certificate) ? 0 : 1
  const below = (counter: number, said: number | null): number =>
    Math.min(Math.max(counter - step, 0), said !== null && said >= 0 ? said : Infinity)
  counters.explicit = below(counters.explicit, requireExplicitPolicy)
  counters.mapping = below(counters.mapping, inhibitPolicyMapping)
  counters.any = below(counters.any, inhibitAnyPolicy)
}

function isSelfIssued({ rawIssuer, rawSubject }: Certificate): boolean {
  return rawIssuer.equals(rawSubject)
}
