/**
 * Checks values against the schemas of `contract/`, by ajv: nothing is coerced, filled in or removed.
 *
 * A schema is compiled once, when its module is loaded; a fault names the offending member itself.
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
  const ajv = options.allErrors === true ? all : first
  const validate: ValidateFunction<Static<T>> = ajv.compile<Static<T>>(schema)
  return (value) =>
    validate(value)
      ? { ok: true, value }
      : { ok: false, faults: faultsOf(validate.errors as readonly ErrorObject[]) }
}
