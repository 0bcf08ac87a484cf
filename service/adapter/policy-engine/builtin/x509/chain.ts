/**
 * Chains of certificates from a leaf to a root that is trusted (RFC 5280 section 6), built and judged as Go's
 * x509.Certificate.Verify does. Nothing of the host is trusted: the first certificate is the only root.
 */
import type { Certificate } from './certificate.ts'
import { areNamesPermitted } from './constrained-names.ts'
import { isForHost } from './host-name.ts'
import { arePoliciesValid } from './policy-tree.ts'
import { areUsagesAllowed } from './purpose.ts'
import { isSignedBy } from './signature.ts'

export type ChainOptions = {
  readonly nowNs: bigint
  /** Empty: whatever host. */
  readonly host: string
  /** Identifiers of purposes, of which one is enough. */
  readonly purposes: readonly string[]
}

/** As in Go: more are not tried. */
const mostSignatures = 100

/** @param certificates the root, those in between, and the leaf @returns from the leaf to the root; null: none */
export function verifiedChain(
  certificates: readonly Certificate[],
  options: ChainOptions,
): readonly Certificate[] | null {
  const [root, ...others] = certificates
  const leaf = others.at(-1)
  if (root === undefined || leaf === undefined) return null
  const isTrusted = root.raw.equals(leaf.raw)
  if (!isValid(leaf, 'leaf', [], options)) return null
  if (options.host !== '' && !isForHost(leaf.facts.names, options.host)) return null
  const search = { root, between: others.slice(0, -1), options, signatures: 0 }
  const chains = isTrusted ? [[leaf]] : chainsFrom(search, [leaf])
  return (
    chains.find(
      (chain) =>
        arePoliciesValid(chain) &&
        areUsagesAllowed(chain, options.purposes) &&
        areNamesPermitted(chain),
    ) ?? null
  )
}

type Search = {
  readonly root: Certificate
  readonly between: readonly Certificate[]
  readonly options: ChainOptions
  /** How many were looked at. */
  signatures: number
}

type Place = 'leaf' | 'between' | 'root'

function chainsFrom(search: Search, chain: readonly Certificate[]): readonly Certificate[][] {
  const child = chain.at(-1)
  if (child === undefined) return []
  const chains: Certificate[][] = []
  for (const [place, parent] of parentsOf(search, child)) {
    search.signatures += 1
    if (search.signatures > mostSignatures) break
    const fits =
      !isInChain(parent, chain) &&
      isSignedBy(child, parent) &&
      isValid(parent, place, chain, search.options)
    if (!fits) continue
    const longer = [...chain, parent]
    chains.push(...(place === 'root' ? [longer] : chainsFrom(search, longer)))
  }
  return chains
}

/** Roots first, and of each those first whose key identifier is the one that the child names. */
function parentsOf(
  { root, between }: Search,
  child: Certificate,
): readonly (readonly [Place, Certificate])[] {
  const candidates = [['root', root] as const, ...between.map((one) => ['between', one] as const)]
  return candidates
    .filter(([, { rawSubject }]) => rawSubject.equals(child.rawIssuer))
    .map((candidate) => ({ candidate, rank: rankOf(candidate[1], child) }))
    .sort((a, b) => placeOf(a.candidate) - placeOf(b.candidate) || a.rank - b.rank)
    .map(({ candidate }) => candidate)
}

function placeOf([place]: readonly [Place, Certificate]): number {
  return place === 'root' ? 0 : 1
}

function rankOf(
  { facts: { subjectKey } }: Certificate,
  { facts: { authorityKey } }: Certificate,
): number {
  const [own, wanted] = [subjectKey ?? Buffer.of(), authorityKey ?? Buffer.of()]
  if (own.equals(wanted)) return 0
  return own.length === 0 || wanted.length === 0 ? 1 : 2
}

/** The same name, key and other names: going on would be going round. */
function isInChain(candidate: Certificate, chain: readonly Certificate[]): boolean {
  return chain.some(
    (one) =>
      one.rawSubject.equals(candidate.rawSubject) &&
      one.rawPublicKey.equals(candidate.rawPublicKey) &&
      namesOf(one).equals(namesOf(candidate)),
  )
}

function namesOf({ extensions }: Certificate): Buffer {
  return extensions.find(({ type }) => type === '2.5.29.17')?.value ?? Buffer.of()
}

/** @param below the chain so far */
function isValid(
  certificate: Certificate,
  place: Place,
  below: readonly Certificate[],
  { nowNs }: ChainOptions,
): boolean {
  const { basicConstraints, unhandled } = certificate.facts
  const { isAuthority = false, pathLength = -1 } = basicConstraints ?? {}
  return (
    unhandled.length === 0 &&
    nowNs >= nanoseconds(certificate.notBefore) &&
    nowNs <= nanoseconds(certificate.notAfter) &&
    (place !== 'between' || isAuthority) &&
    (pathLength < 0 || below.length - 1 <= pathLength)
  )
}

function nanoseconds(time: Date): bigint {
  return BigInt(time.getTime()) * 1_000_000n
}
