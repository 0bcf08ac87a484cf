/**
 * `json.match_schema` and `json.verify_schema` (OPA's v1/topdown/jsonschema.go).
 *
 * Schemas may come with the input, so they are interpreted and never compiled to code, and nothing that they refer to
 * is fetched. The complaints are OPA's to the letter, because policy may read them.
 */
import { parseLiteral, printJson } from '../rego-literal.ts'
import { BuiltinError, type Builtins, RegoObject, type RegoValue } from '../rego-value.ts'
import { parseSchema } from './json-schema/parse-schema.ts'
import { type Complaint, fieldOf } from './json-schema/report.ts'
import { validate } from './json-schema/validate.ts'

export const jsonSchemaBuiltins: Builtins = {
  'json.match_schema': (_context, document, schema) => {
    const value = jsonOperand(document)
    const report = validate(parseSchema(jsonOperand(schema)), value)
    return [report.isValid(), report.complaints.map(complaintOf)]
  },
  'json.verify_schema': (_context, schema) => {
    try {
      parseSchema(jsonOperand(schema))
      return [true, null]
    } catch (error) {
      if (error instanceof BuiltinError) return [false, `jsonschema: ${error.message}`]
      throw error
    }
  },
}

/** JSON text, or an object or array as the JSON that it would be. */
function jsonOperand(value: RegoValue): RegoValue {
  if (typeof value === 'string') return parseLiteral(checkedJson(value))
  if (value instanceof RegoObject || Array.isArray(value)) return parseLiteral(printJson(value))
  throw new BuiltinError('wrong type, expected string or object')
}

function checkedJson(text: string): string {
  try {
    JSON.parse(text)
    return text
  } catch {
    throw new BuiltinError('invalid JSON string')
  }
}

function complaintOf(complaint: Complaint): RegoValue {
  const field = fieldOf(complaint)
  return new RegoObject([
    ['error', `${field}: ${complaint.desc}`],
    ['type', complaint.type],
    ['field', field],
    ['desc', complaint.desc],
  ])
}
