/** `numbers.range_step` (OPA's v1/topdown/numbers.go). */
import { BuiltinError, type Builtins } from '../rego-value.ts'
import { checkMembers, integerOperand, numberOf } from './operand.ts'

export const numbersBuiltins: Builtins = {
  'numbers.range_step': (_context, from, to, by) => {
    const [first, last, step] = [integerOperand(from), integerOperand(to), integerOperand(by)]
    if (step <= 0n) throw new BuiltinError('step must be a positive integer')
    const [distance, direction] = last < first ? [first - last, -step] : [last - first, step]
    const count = distance / step + 1n
    checkMembers(count)
    return Array.from({ length: Number(count) }, (_, i) => numberOf(first + BigInt(i) * direction))
  },
}
