/** `cast_*`: deprecated, but old policy calls them (OPA's v1/topdown/casts.go). */
import {
  BuiltinError,
  type Builtin,
  type Builtins,
  RegoSet,
  type RegoType,
  typeOf,
} from '../rego-value.ts'
import { membersOperand } from './operand.ts'

export const castBuiltins: Builtins = {
  cast_array: (_context, value) => membersOperand(value),
  cast_boolean: only('boolean'),
  cast_null: only('null'),
  cast_object: only('object'),
  cast_set: (_context, value) => new RegoSet(membersOperand(value)),
  cast_string: only('string'),
}

function only(type: RegoType): Builtin {
  return (_context, value) => {
    if (typeOf(value) !== type) throw new BuiltinError(`it is no ${type}`)
    return value
  }
}
