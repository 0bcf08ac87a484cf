/** JSON as Go's encoder writes it: `<`, `>`, `&` and the two line separators are escaped. */
import { printJson } from '../rego-literal.ts'
import type { RegoValue } from '../rego-value.ts'

export function goJson(value: RegoValue): string {
  // None of them stands outside of strings.
  return printJson(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
