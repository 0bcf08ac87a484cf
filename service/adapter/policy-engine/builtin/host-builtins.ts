/**
 * Every builtin that the host supplies, by family; the rest is native to the module.
 *
 * A family is loaded only for a policy that calls one of its builtins: their libraries would slow the start of
 * every worker.
 */
import type { Builtins } from '../rego-value.ts'

type Family = { readonly names: readonly string[]; readonly load: () => Promise<Builtins> }

const families: readonly Family[] = []

/** The names of all of them. */
export const hostBuiltinNames: ReadonlySet<string> = new Set(families.flatMap(({ names }) => names))

/** @param names of builtins; what the host does not have is not in the result. */
export async function loadHostBuiltins(names: readonly string[]): Promise<Builtins> {
  const needed = families.filter((family) => family.names.some((name) => names.includes(name)))
  const loaded = await Promise.all(needed.map(({ load }) => load()))
  return Object.assign({}, ...loaded) as Builtins
}
