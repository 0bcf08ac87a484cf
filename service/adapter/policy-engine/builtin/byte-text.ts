/** Bytes as text that OPA does not compile into modules: `hex.*`, `base64url.encode_no_pad`. */
import { BuiltinError, type Builtins } from '../rego-value.ts'
import { textOperand } from './operand.ts'

export const byteTextBuiltins: Builtins = {
  'base64url.encode_no_pad': (_context, text) =>
    Buffer.from(textOperand(text)).toString('base64url'),
  'hex.encode': (_context, text) => Buffer.from(textOperand(text)).toString('hex'),
  'hex.decode': (_context, digits) => {
    const text = textOperand(digits)
    if (!/^(?:[0-9a-fA-F]{2})*$/.test(text)) throw new BuiltinError('these are no hex digits')
    return Buffer.from(text, 'hex').toString()
  },
}
