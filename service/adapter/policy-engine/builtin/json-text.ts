/** `json.marshal_with_options` (OPA's v1/topdown/encoding.go): JSON as Go's encoding/json writes it. */
import {
  BuiltinError,
  type Builtins,
  compareTexts,
  RegoObject,
  RegoSet,
  type RegoValue,
} from '../rego-value.ts'
import { printJson } from '../rego-literal.ts'
import { goJson } from './go-json.ts'
import { objectOperand, textOperand } from './operand.ts'

type Layout = { readonly prefix: string; readonly indent: string; readonly isPretty: boolean }

export const jsonTextBuiltins: Builtins = {
  'json.marshal_with_options': (_context, value, options) => {
    const { prefix, indent, isPretty } = layoutOf(objectOperand(options))
    return isPretty ? prefix + print(value, `\n${prefix}`, indent) : print(value, '', '')
  },
}

/** Pretty is what is said, or else what a prefix or an indent implies. */
function layoutOf(options: RegoObject): Layout {
  const known = ['indent', 'prefix', 'pretty']
  for (const [key] of options.entries)
    if (!known.includes(textOperand(key)))
      throw new BuiltinError(`object contained unknown key ${printJson(key)}`)
  const [prefix, indent, pretty] = ['prefix', 'indent', 'pretty'].map((key) => options.get(key))
  const isPretty = pretty ?? (prefix !== undefined || indent !== undefined)
  if (typeof isPretty !== 'boolean') throw new BuiltinError('pretty must be a boolean')
  return { prefix: textOperand(prefix ?? ''), indent: textOperand(indent ?? '\t'), isPretty }
}

/** @param line what begins each line; empty when all is one line */
function print(value: RegoValue, line: string, indent: string): string {
  if (value instanceof RegoObject) return printObject(value, line, indent)
  if (value instanceof RegoSet) return print(value.members, line, indent)
  if (Array.isArray(value)) {
    const items = (value as readonly RegoValue[]).map((item) => print(item, line + indent, indent))
    return enclosed('[', items, ']', line, indent)
  }
  return typeof value === 'string' ? goJson(value) : printJson(value)
}

function printObject(value: RegoObject, line: string, indent: string): string {
  const members = value.entries
    .map(([key, item]) => [typeof key === 'string' ? key : printJson(key), item] as const)
    .sort(([a], [b]) => compareTexts(a, b))
    .map(([name, item]) => {
      const space = line === '' ? '' : ' '
      return `${goJson(name)}:${space}${print(item, line + (line && indent), indent)}`
    })
  return enclosed('{', members, '}', line, indent)
}

function enclosed(
  open: string,
  items: readonly string[],
  close: string,
  line: string,
  indent: string,
): string {
  if (items.length === 0) return open + close
  const inner = line && line + indent
  return `${open}${inner}${items.join(`,${inner}`)}${line}${close}`
}
