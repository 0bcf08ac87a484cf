// A recorded policy input with the slice that another registry gives its question, by the room that composes it
// for every query. What the registry had shaped before, such as the scope of data, stays as it was recorded.

import { PolicyInput } from '../../service/contract/policy-input.ts'
import type { Registry } from '../../service/contract/registry.ts'
import { compileChecker } from '../../service/contract/validate.ts'
import { composeSlice } from '../../service/decision/compose-slice.ts'
import { capabilityOf, indexOf, keyOf } from '../../service/decision/registry-index.ts'

const check = compileChecker(PolicyInput)

/** What is no policy input of this contract is left as it is: policy denies it. */
export function slicedAnew(input: unknown, registry: Registry | null): unknown {
  const checked = check(input)
  return registry === null || !checked.ok ? input : withSlice(checked.value, registry)
}

/** The same, of what is known to be a policy input. */
export function withSlice(input: PolicyInput, registry: Registry): PolicyInput {
  const { question, verified, attested } = input
  const index = indexOf(registry)
  const key = keyOf(question.kind, question.name, question.uri)
  const capability = capabilityOf(index, question.server_id, key)?.capability ?? null
  const { pep } = verified
  const facts = {
    ...{ index, initiator: verified.initiator, purpose: attested.purpose, now: input.now * 1000 },
    // The issuer of the gateway stands in no input: rules for gateways count as they did.
    pep: { id: pep.id, issuer: null },
  }
  const { kind, arguments: given } = question
  const query = { server: { id: question.server_id }, capability: { kind, arguments: given } }
  return { ...input, registry: composeSlice(query, facts, question, capability) }
}
