/** Terms as OPA prints them (ast.Value.String): strings in Go's quotes, a blank behind each comma and colon. */
import { printLiteral } from '../rego-literal.ts'
import { RegoObject, RegoSet, WrittenNumber, type RegoValue } from '../rego-value.ts'
import { quote } from './go/quote.ts'

export function printTerm(value: RegoValue): string {
  if (typeof value === 'string') return quote(value.toWellFormed())
  if (value === null || typeof value !== 'object' || value instanceof WrittenNumber)
    return printLiteral(value)
  if (value instanceof RegoSet)
    return value.members.length === 0 ? 'set()' : `{${value.members.map(printTerm).join(', ')}}`
  if (value instanceof RegoObject)
    return `{${value.entries.map(([key, item]) => `${printTerm(key)}: ${printTerm(item)}`).join(', ')}}`
  return `[${value.map(printTerm).join(', ')}]`
}
