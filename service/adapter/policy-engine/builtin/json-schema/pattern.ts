/**
 * Regular expressions of schemas. How long one may take, the time limit of the evaluation bounds. Go's are RE2:
 * what only it or only JavaScript has is not told apart here.
 */
import { SchemaError } from './schema.ts'

/** @throws SchemaError */
export function patternOf(text: string, complaint: string): RegExp {
  const expression = compiled(text, 'u') ?? compiled(text, '')
  if (expression === null) throw new SchemaError(complaint)
  return expression
}

export function isPattern(text: string): boolean {
  return (compiled(text, 'u') ?? compiled(text, '')) !== null
}

/** Without `u` a brace may stand for itself, as in Go. */
function compiled(text: string, flags: string): RegExp | null {
  try {
    return new RegExp(text, flags)
  } catch {
    return null
  }
}
