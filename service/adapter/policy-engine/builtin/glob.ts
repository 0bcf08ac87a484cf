/** `glob.quote_meta` (gobwas/glob): a backslash before what means something in a glob. */
import type { Builtins } from '../rego-value.ts'
import { textOperand } from './operand.ts'

export const globBuiltins: Builtins = {
  'glob.quote_meta': (_context, text) => textOperand(text).replace(/[*?\\[\]{}]/g, '\\$&'),
}
