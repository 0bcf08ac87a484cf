/** What a library throws when it is given nonsense is the failure of the call, not a fault of ours. */
import { BuiltinError } from '../rego-value.ts'

/** @throws BuiltinError for whatever the call throws */
export function failing<T>(call: () => T): T {
  try {
    return call()
  } catch (cause) {
    if (cause instanceof BuiltinError) throw cause
    throw new BuiltinError('what was given cannot be read', { cause })
  }
}
