/** Certificate policies (RFC 5280 sections 4.2.1.4, 4.2.1.5, 4.2.1.11 and 4.2.1.14). */
import {
  childrenOf,
  type DerNode,
  identifierOf,
  implicit,
  integerFrom,
  integerOf,
  malformed,
  optionalsOf,
  readDer,
} from './der.ts'

export type PolicyMapping = { readonly issuer: string; readonly subject: string }

/** @throws BuiltinError; also when a policy occurs twice */
export function readPolicies(value: Buffer): readonly string[] {
  const policies = childrenOf(readDer(value)).map((node) => identifierOf(childrenOf(node)[0]))
  if (new Set(policies).size !== policies.length) throw malformed('a policy is there twice')
  return policies
}

/** @throws BuiltinError */
export function readPolicyMappings(value: Buffer): readonly PolicyMapping[] {
  return childrenOf(readDer(value)).map((node) => {
    const [issuer, subject] = childrenOf(node)
    return { issuer: identifierOf(issuer), subject: identifierOf(subject) }
  })
}

/** @throws BuiltinError */
export function readPolicyConstraints(value: Buffer): {
  readonly requireExplicitPolicy: number | null
  readonly inhibitPolicyMapping: number | null
} {
  const [explicit, mapping] = optionalsOf(childrenOf(readDer(value)), implicit(0), implicit(1))
  const of = (node: DerNode | undefined): number | null =>
    node === undefined ? null : count(integerFrom(node.content))
  return { requireExplicitPolicy: of(explicit), inhibitPolicyMapping: of(mapping) }
}

/** @throws BuiltinError */
export function readInhibitAny(value: Buffer): number {
  return count(integerOf(readDer(value)))
}

function count(integer: bigint): number {
  if (BigInt.asIntN(53, integer) === integer) return Number(integer)
  throw malformed('a count of certificates is none')
}
