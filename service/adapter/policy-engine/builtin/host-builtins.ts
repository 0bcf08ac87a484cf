/** Every builtin that the host supplies, by family; the rest is native to the module. */
import type { Builtins } from '../rego-value.ts'

export const hostBuiltins: Builtins = {}
