/**
 * `yaml.*` (OPA's internal/yaml): YAML 1.2 whose plain numbers are also those of 1.1, with merge keys; dates stay
 * text, of two equal keys the last one stands, and of several documents the first.
 */
import { parseAllDocuments, type ScalarTag, stringify } from 'yaml'
import { printJson } from '../rego-literal.ts'
import { BuiltinError, type Builtins, RegoObject, RegoSet, type RegoValue } from '../rego-value.ts'
import { numberOf, textOperand } from './operand.ts'

/** Values that one document may come to when its aliases are written out, and their levels. */
const mostValues = 400_000
const mostLevels = 1000

export const yamlBuiltins: Builtins = {
  'yaml.is_valid': (_context, text) => typeof text === 'string' && isYaml(text),
  'yaml.marshal': (_context, value) => stringify(plain(value), printing as never),
  'yaml.unmarshal': (_context, text) => parse(textOperand(text)),
}

/** `0x1f`, `0o17`, `017`, `08`, `0b11`, `1_000`; as Go reads them. */
const integer: ScalarTag = {
  identify: (value) => typeof value === 'bigint',
  default: true,
  tag: 'tag:yaml.org,2002:int',
  test: /^[-+]?(?:0[bB][01_]+|0[xX][\da-fA-F_]+|0[oO][0-7_]+|\d[\d_]*)$/,
  resolve: (text) => {
    const [, sign = '', digits = ''] = /^([-+]?)(.*)$/.exec(text.replaceAll('_', '')) ?? []
    const value = BigInt(digits.replace(/^0+(?=[0-7]+$)/, '0o'))
    return sign === '-' ? -value : value
  },
}

const reading = {
  version: '1.2',
  schema: 'core',
  merge: true,
  uniqueKeys: false,
  // What an unknown tag marks is read as if it were not there.
  logLevel: 'silent',
  customTags: (tags: readonly unknown[]) => [
    integer,
    ...tags.filter((tag) => (tag as ScalarTag).tag !== integer.tag),
  ],
} as const

/** As 1.1, so that what an older reader takes for a boolean or a date is in quotes. */
const printing = {
  version: '1.1',
  lineWidth: 0,
  blockQuote: 'literal',
  aliasDuplicateObjects: false,
  // Without it every map would be an ordered one.
  customTags: (tags: readonly unknown[]) =>
    tags.filter((tag) => (tag as ScalarTag).tag !== 'tag:yaml.org,2002:omap'),
} as const

function isYaml(text: string): boolean {
  try {
    parse(text)
    return true
  } catch (error) {
    if (error instanceof BuiltinError) return false
    throw error
  }
}

/** @throws BuiltinError */
function parse(text: string): RegoValue {
  return valueOf(load(text), { values: 0 }, 0)
}

/** Maps, lists and scalars of the first document, its aliases not yet written out. */
function load(text: string): unknown {
  try {
    const documents = [...parseAllDocuments(text, reading as never)]
    const fault = documents.flatMap(({ errors }) => errors)[0]
    if (fault !== undefined) throw fault
    return documents[0]?.toJS({ mapAsMap: true, maxAliasCount: -1 }) ?? null
  } catch (error) {
    throw new BuiltinError(`yaml: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function valueOf(value: unknown, count: { values: number }, level: number): RegoValue {
  count.values += 1
  if (count.values > mostValues || level > mostLevels)
    throw new BuiltinError('document contains excessive aliasing or nesting')
  if (Array.isArray(value)) return value.map((item) => valueOf(item, count, level + 1))
  if (value instanceof Map)
    return new RegoObject(
      [...value].map(([key, item]) => [keyOf(key), valueOf(item, count, level + 1)]),
    )
  return scalarOf(value)
}

/** Above 64 bits Go has floating-point numbers only, and JSON has neither infinity nor NaN. */
function scalarOf(value: unknown): RegoValue {
  if (typeof value === 'bigint')
    return value >= -(2n ** 63n) && value < 2n ** 64n ? numberOf(value) : Number(value)
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new BuiltinError('unsupported value')
  return value as RegoValue
}

function keyOf(key: unknown): string {
  const value = key === null || typeof key === 'object' ? null : scalarOf(key)
  if (value === null) throw new BuiltinError('unsupported map key')
  return typeof value === 'string' ? value : printJson(value)
}

/** What the library prints: sets as lists, keys as text. */
function plain(value: RegoValue): unknown {
  if (value instanceof RegoSet) return value.members.map(plain)
  if (value instanceof RegoObject)
    return new Map(
      value.entries.map(([key, item]) => [
        typeof key === 'string' ? key : printJson(key),
        plain(item),
      ]),
    )
  return Array.isArray(value) ? (value as readonly RegoValue[]).map(plain) : value
}
