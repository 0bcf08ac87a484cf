// A recorded input as a candidate's registry would have it put: its own slice of that registry. What the registry of the day
// had shaped before, from what is not recorded, cannot be shaped anew; where it would be, there is no question to ask.

import type { PolicyInput } from '../../../service/contract/policy-input.ts'
import type { Registry } from '../../../service/contract/registry.ts'
import {
  capabilityOf,
  indexOf,
  keyOf,
  type RegistryIndex,
  shadowsOf,
} from '../../../service/decision/registry-index.ts'
import { canonicalJson } from '../../../service/statement/canonical-json.ts'
import { withSlice } from '../../policy/slice-anew.ts'

/** Null when the candidate would shape the question itself otherwise. @param registry null: it has none */
export function askedAnew(input: PolicyInput, registry: Registry | null): PolicyInput | null {
  if (registry === null) return input
  const index = indexOf(registry)
  const anew = withSlice(input, registry)
  return isScopeAlike(input, anew) && isListAlike(input, index) ? anew : null
}

/** The scope of data is derived by the mappings of the capability, and what was claimed is not told apart from it. */
function isScopeAlike(input: PolicyInput, anew: PolicyInput): boolean {
  const [was, is] = [input, anew].map(({ registry }) =>
    canonicalJson(registry.capability?.data_scope ?? []),
  )
  return was === is
}

/** Each item of a list was joined with what the registry knew of it. */
function isListAlike({ question }: PolicyInput, index: RegistryIndex): boolean {
  return (question.list ?? []).every(({ kind, name, registered, pinned_digest: pin, shadows }) => {
    const isResource = kind === 'resource'
    const key = keyOf(kind, name, isResource ? name : null)
    const found = capabilityOf(index, question.server_id, key)?.capability ?? null
    const others = shadowsOf(index, question.server_id, isResource ? null : name, found)
    return (
      registered === (found !== null) &&
      pin === (found?.definition_digest ?? null) &&
      canonicalJson(shadows) === canonicalJson(others)
    )
  })
}
