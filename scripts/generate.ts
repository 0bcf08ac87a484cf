/**
 * Writes what is derived from the contract: `service/http/openapi.json` and `rego/schemas/*.json`.
 *
 * `--check` writes nothing and fails when a committed file differs.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { PolicyInput } from '../service/contract/policy-input.ts'
import { Registry } from '../service/contract/registry.ts'
import { openApiDocument } from '../service/http/openapi.ts'

type Json = Record<string, unknown>

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
const files: readonly (readonly [string, unknown])[] = [
  ['service/http/openapi.json', openApiDocument(version)],
  ['rego/schemas/policy-input.json', forOpa(PolicyInput)],
  ['rego/schemas/registry.json', forOpa(Registry)],
]

/**
 * What OPA's checker reads of a schema: type, properties, required, items, anyOf. It knows no `enum`,
 * `const`, `pattern` or bounds, and a record of names is an object that it leaves open.
 */
function forOpa(schema: unknown): unknown {
  const { type, properties, required, items, anyOf, const: literal } = schema as Json
  if (literal !== undefined) return { type: typeof literal }
  if (Array.isArray(anyOf)) return mergeAlternatives(anyOf.map(forOpa) as Json[])
  if (type === 'object' && properties === undefined) return { type }
  return {
    ...(type === undefined ? {} : { type }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties as Json).map(([name, member]) => [name, forOpa(member)]),
          ),
          required,
          additionalProperties: false,
        }),
    ...(items === undefined ? {} : { items: forOpa(items) }),
  }
}

/** Literals of one type are that type; real alternatives stay. */
function mergeAlternatives(alternatives: readonly Json[]): Json {
  const distinct = [...new Map(alternatives.map((one) => [JSON.stringify(one), one])).values()]
  return distinct.length === 1 && distinct[0] !== undefined ? distinct[0] : { anyOf: distinct }
}

let stale = 0
for (const [path, value] of files) {
  const text = `${JSON.stringify(value, null, 2)}\n`
  if (!process.argv.includes('--check')) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  } else if (readFileSync(path, 'utf8') !== text) {
    stale += 1
    console.error(`${path} is not what the contract gives: run npm run generate and commit it`)
  }
}
process.exitCode = stale === 0 ? 0 : 1
