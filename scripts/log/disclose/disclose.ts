// countersign log disclose: chosen fields of what was disclosed beside one decision, for an auditor who may see these and no others.

import { type Call, type Command, type Outcome, usage } from '../../command/command.ts'
import { jsonText } from '../../command/json-text.ts'
import { writeWhole } from '../../command/write-file.ts'
import { optionalText, text as named } from '../../policy/arguments.ts'
import { printable } from '../printable.ts'
import {
  classesIn,
  type DisclosedField,
  type FieldClass,
  fieldDigest,
  wholeRecord,
} from '../read/disclosed-fields.ts'
import { isOfLeaf } from '../read/disclosure-of.ts'
import { readLeaf } from '../read/read-leaf.ts'
import type { ShownFile } from '../read/shown-file.ts'
import {
  openRecorded,
  recordedOptions,
  type RecordedSource,
  recordedUsage,
} from '../replay/recorded-source.ts'

export const disclose: Command = {
  name: 'disclose',
  summary: 'chosen fields of one decision, which verify against its leaf',
  usage: `<log> <decision> [--fields <pointers> --out <file>]

${recordedUsage}
  <decision>             its id
  --fields <pointers>    JSON Pointers of the fields to disclose, with commas between them; one that has others below it
                         names all of those. Without it the fields that there are, and nothing of what they say
  --out <file>           where to write them, each with its salt, for "countersign log verify --disclosure <file>"

Each field has a salted digest of its own, and the leaf commits to all of them: what is left out stays hidden, and what is
shown can be nothing else. Of an earlier record, which has one digest for all, "export --disclose" gives the whole.

Exit code 1 when there is nothing to disclose any more: it was erased.`,
  options: { ...recordedOptions, fields: { type: 'string' }, out: { type: 'string' } },
  run: async (call) => {
    const [path, id, ...more] = call.positionals
    if (path === undefined || id === undefined || more.length > 0)
      throw usage('Name a log and the id of a decision.')
    const source = await openRecorded(call, path)
    try {
      return disclosed(call, recordOf(source, path, id))
    } finally {
      source.close()
    }
  },
}

interface DisclosedRecord {
  readonly id: string
  readonly origin: string
  readonly index: number
  /** Null when all of it was erased, or has ended. */
  readonly classes: readonly FieldClass[] | null
}

/** @throws PdpError `usage` when it is not there, or cannot be shown in parts. */
function recordOf(source: RecordedSource, path: string, id: string): DisclosedRecord {
  for (const entry of source.entries()) {
    if ('from' in entry) continue
    const reading = readLeaf(entry.token)
    if (!reading.ok || reading.read.leaf.jti !== id) continue
    const { leaf } = reading.read
    if (leaf.kind !== 'decision') throw usage(`${id} is no decision: name one.`)
    const record = { id, origin: leaf.iss, index: leaf.index }
    const text = entry.disclosed(leaf)
    if (typeof text !== 'string') {
      if (text.cause === 'input_erased') return { ...record, classes: null }
      throw usage(`${path} has not what was disclosed beside ${id}: name the tenant's own data.`)
    }
    if (!isOfLeaf(text, leaf))
      throw usage(`What ${path} has beside ${id} is not what its leaf commits to: see "verify".`)
    const classes = classesIn(text)
    if (classes !== null) return { ...record, classes }
    throw usage(
      `${id} has one digest for all that was disclosed: give the whole, with "export --disclose".`,
    )
  }
  throw usage(`${path} has no decision ${id}: take its id from "countersign log reconstruct".`)
}

function disclosed(call: Call, { id, origin, index, classes }: DisclosedRecord): Outcome {
  const asked = optionalText(call, 'fields')
  if (classes === null)
    return {
      exit: 1,
      json: { decision_id: id, fields: null },
      text: `what was disclosed beside ${id} was erased`,
    }
  const fields = classes
    .flatMap((one) => ('fields' in one ? one.fields : []))
    .toSorted((a, b) => (a.pointer < b.pointer ? -1 : 1))
  const ended = classes.filter((one) => 'digest' in one).map(({ name }) => name)
  if (asked === undefined) {
    const pointers = fields.map(({ pointer }) => pointer)
    return {
      exit: 0,
      json: { decision_id: id, fields: pointers, ended },
      text: printable(
        [...pointers, ...ended.map((name) => `(${name}: erased, or ended by time)`)].join('\n'),
      ),
    }
  }
  const out = named(call, 'out', 'a file for the disclosure')
  const shown = chosen(fields, asked)
  const file: ShownFile = {
    ...{ origin, decision_id: id, index },
    ...commitmentOf(classes),
    fields: [...shown],
  }
  writeWhole(out, `${jsonText(file)}\n`)
  const told = `${String(shown.length)} of ${String(fields.length)} fields of ${id} in ${out}`
  return {
    exit: 0,
    json: { out, decision_id: id, fields: shown.map(({ pointer }) => pointer) },
    text: printable(told),
  }
}

/** Of an earlier record, which has no classes, version 1. */
function commitmentOf(
  classes: readonly FieldClass[],
): { readonly v: 1; readonly digests: string[] } | Pick<ShownFile, 'v' | 'classes'> {
  const digests = classes.map(digestsOf)
  const [first] = digests
  return digests.length === 1 && first?.name === wholeRecord && 'digests' in first
    ? { v: 1, digests: first.digests }
    : { v: 2, classes: digests }
}

function digestsOf(one: FieldClass): NonNullable<ShownFile['classes']>[number] {
  if ('digest' in one) return { name: one.name, digest: one.digest }
  return { name: one.name, digests: one.fields.map(fieldDigest).sort() }
}

/** @throws PdpError `usage` for a pointer that names nothing: it may be mistyped. */
function chosen(fields: readonly DisclosedField[], asked: string): readonly DisclosedField[] {
  const wanted = asked.split(',')
  const isBelow = (field: DisclosedField, pointer: string): boolean =>
    field.pointer === pointer || field.pointer.startsWith(`${pointer}/`)
  for (const pointer of wanted) {
    if (fields.some((field) => isBelow(field, pointer))) continue
    throw usage(
      `--fields ${pointer}: there is no such field; leave --fields out to see which there are.`,
    )
  }
  return fields.filter((field) => wanted.some((pointer) => isBelow(field, pointer)))
}
