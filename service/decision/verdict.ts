/** What judgement gives: the findings of policy, or why policy could not be asked. */
import type { VerdictSource } from '../contract/decision.ts'
import type { EngineFault, Gap } from '../contract/reason-code.ts'
import type { PolicyResult } from '../contract/policy-result.ts'

export type Verdict =
  | { readonly source: 'policy'; readonly result: PolicyResult }
  | {
      readonly source: Exclude<VerdictSource, 'policy'>
      readonly gaps: readonly Gap[]
      readonly fault: EngineFault | null
    }

export function faultVerdict(fault: EngineFault): Verdict {
  return { source: 'engine_fault', gaps: [], fault }
}

export function gapVerdict(gaps: readonly Gap[]): Verdict {
  return { source: 'gap', gaps, fault: null }
}
