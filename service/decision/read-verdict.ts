/**
 * Reads what the policy engine returned. Total: what is not exactly a policy result is a fault.
 *
 * Policy is trusted to judge, not to be well-formed: an effect that its own findings contradict is
 * malformed too, so that a slip in the entrypoint cannot turn a denial into a permit.
 */
import { PolicyResult, type Finding } from '../contract/policy-result.ts'
import { compileChecker } from '../contract/validate.ts'
import { combinedEffect } from './combined-effect.ts'
import { faultVerdict, type Verdict } from './verdict.ts'

const checkResult = compileChecker(PolicyResult)

/** @param text JSON of the entrypoint's value. */
export function readVerdict(text: string): Verdict {
  const checked = checkResult(parsed(text))
  return checked.ok && isCoherent(checked.value)
    ? { source: 'policy', result: checked.value }
    : faultVerdict('engine.malformed')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** Deny beats hold beats permit, a permit has a ground, and a hold says what it waits for. */
function isCoherent(result: PolicyResult): boolean {
  const standing = result.findings.filter((finding) => finding.waived_by === undefined)
  if (result.effect === 'deny') return true
  if (standing.some(isDeny)) return false
  if (result.effect === 'hold') return result.hold !== undefined
  return combinedEffect(standing, result.grounds) === 'permit'
}

function isDeny(finding: Finding): boolean {
  return finding.effect === 'deny'
}
