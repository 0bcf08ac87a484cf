/**
 * Checks values against the schemas of `contract/`, by ajv: nothing is coerced, filled in or removed.
 *
 * A schema is compiled once, when it is first needed: a command does not wait for those of others, and a service compiles
 * all before it answers. A fault names the offending member itself.
 */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Static, TSchema } from 'typebox'
import type { Fault } from './error-code.ts'
import { faultsOf } from './schema-fault.ts'

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly Fault[] }

export type Checker<T> = (value: unknown) => Checked<T>

/**
 * `unicode: false` measures texts in UTF-16 units, never fewer than the code points that JSON Schema counts:
 * a bound on length is only ever stricter, and the check of a query takes a tenth of the time. ajv calls
 * the option deprecated, in a log line that `logger: false` spares us.
 */
const settings = { strict: true, verbose: true, unicode: false, logger: false } as const
const first = new Ajv2020(settings)
const all = new Ajv2020({ ...settings, allErrors: true })

/** @param options.allErrors reports every fault, for configuration; else the first one ends the check. */
export function compileChecker<T extends TSchema>(
  schema: T,
  options: { readonly allErrors?: boolean } = {},
): Checker<Static<T>> {
  let compiled: ValidateFunction<Static<T>> | null = null
  const compile = (): ValidateFunction<Static<T>> => {
    waiting.delete(compile)
    const ajv = options.allErrors === true ? all : first
    return (compiled = ajv.compile<Static<T>>(schema))
  }
  waiting.add(compile)
  return (value) => {
    const validate = compiled ?? compile()
    return validate(value)
      ? { ok: true, value }
      : { ok: false, faults: faultsOf(validate.errors as readonly ErrorObject[]) }
  }
}

const waiting = new Set<() => unknown>()

/** Compiles every schema that has a checker and was not needed yet: the first question waits for none. */
export function compileWaiting(): void {
  for (const compile of waiting) compile()
}
