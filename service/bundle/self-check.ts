/**
 * `self-check.json`: questions that a bundle itself says how it must answer. One that does not is not
 * activated, so a broken build or another engine shows before the first query and not by it.
 *
 * OPA ignores the file, and signs it like any other.
 */
import { PdpError } from '../contract/error-code.ts'
import { limits } from '../contract/limits.ts'
import { SelfCheck } from '../contract/self-check.ts'
import { parseStrictJson } from '../contract/strict-json.ts'
import { compileChecker } from '../contract/validate.ts'
import { refusal } from './refusal.ts'

export const selfCheckFile = 'self-check.json'

const checkShape = compileChecker(SelfCheck)

/**
 * @param bytes of the file; undefined when the bundle has none
 * @throws PdpError `bundle_refused` (`self_check`)
 */
export function readSelfCheck(bytes: Uint8Array | undefined): SelfCheck {
  if (bytes === undefined) return []
  if (bytes.length > limits.selfCheckBytes) {
    throw malformed(`it has more than ${limits.selfCheckBytes} bytes`)
  }
  const checked = checkShape(parsed(bytes))
  if (checked.ok) return checked.value
  const [fault] = checked.faults
  throw malformed(`${fault?.pointer ?? ''}: ${fault?.reason ?? ''}`)
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return parseStrictJson(bytes, { depth: limits.bundleJsonDepth, members: 1_000_000 })
  } catch (error) {
    throw malformed(error instanceof PdpError ? error.message : 'it is not JSON')
  }
}

function malformed(what: string): PdpError {
  return refusal('self_check', selfCheckFile, `${what}: build the bundle again`)
}
