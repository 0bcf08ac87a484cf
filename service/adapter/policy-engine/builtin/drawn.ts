/**
 * What OPA draws at random, once for each key of a query: here it is derived from the query and the key, so that
 * a recorded query is judged again as it was. Not for secrets: who knows the decision's id can derive it.
 */
import { createHash } from 'node:crypto'
import { printLiteral } from '../rego-literal.ts'
import { BuiltinError, type BuiltinContext, type Builtins, type RegoValue } from '../rego-value.ts'
import { integerOperand, numberOf, textOperand } from './operand.ts'

function draw(context: BuiltinContext, key: readonly RegoValue[]): Buffer {
  return createHash('sha256')
    .update(printLiteral([context.seed(), ...key]))
    .digest()
}

export const drawnBuiltins: Builtins = {
  'rand.intn': (context, key, bound) => {
    const given = integerOperand(bound)
    if (BigInt.asIntN(64, given) !== given) throw new BuiltinError('the bound is too great')
    const below = given < 0n ? -given : given
    if (below === 0n) return 0
    const number = BigInt(
      `0x${draw(context, ['rand.intn', textOperand(key), below]).toString('hex')}`,
    )
    return numberOf(number % below)
  },
  /** Version 4 of RFC 4122 section 4.4. */
  'uuid.rfc4122': (context, key) => {
    const bytes = draw(context, ['uuid.rfc4122', key]).subarray(0, 16)
    bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6)
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
    return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  },
}
