/**
 * Builtins that the host supplies. None yet: what the SDK brings differs from OPA (sprintf, yaml.*,
 * regex.split), so policies are built without them, and one that calls any is refused.
 */
import type { HostBuiltins } from './opa-sdk.ts'

export const hostBuiltins: HostBuiltins = {}

/** A builtin that fails is undefined for that call, as in OPA; the SDK would abort the evaluation. */
export function forgiving(builtins: HostBuiltins): HostBuiltins {
  return Object.fromEntries(
    Object.entries(builtins).map(([name, builtin]) => [name, wrapped(builtin)]),
  )
}

function wrapped(builtin: HostBuiltins[string]): HostBuiltins[string] {
  return (...values) => {
    try {
      return builtin(...values)
    } catch {
      return undefined
    }
  }
}
