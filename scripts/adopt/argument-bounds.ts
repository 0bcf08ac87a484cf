// Bounds on arguments, from the schema that a server serves. They only tighten: an argument that the schema does not
// name may not be given, and what it says in a way that a bound cannot is left for a person.

import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { ArgumentBound } from '../../service/contract/argument-bound.ts'
import { listOf, objectOf, textOf, type JsonObject } from '../../service/decision/json-value.ts'
import { plain } from './shown.ts'

export interface ProposedArguments {
  /** Every argument that may be given. */
  readonly names: string[]
  readonly bounds: ArgumentBound[]
  /** What the schema says beyond that. */
  readonly left: readonly string[]
}

const combining = ['$ref', 'allOf', 'anyOf', 'oneOf', 'not', 'if', 'patternProperties']
const beyond = ['pattern', 'format', 'items', 'properties', 'anyOf', 'oneOf', 'allOf', '$ref']
const types = ['string', 'number', 'boolean', 'array', 'object', 'null'] as const
const mostArguments = 256
/** Letters of any script, and no character that does not show. */
const readable = /^[\p{L}\p{N}_.$-]{1,128}$/u

export function proposeArguments(schema: JsonObject): ProposedArguments {
  const invalid = whyInvalid(schema)
  if (invalid !== null)
    return { names: [], bounds: [], left: [`${invalid}: no argument may be given`] }
  const properties = objectOf(schema['properties']) ?? {}
  const required = new Set(listOf(schema['required']))
  const [names, strange] = split(Object.keys(properties))
  const described = names.map((name) => [name, objectOf(properties[name]) ?? {}] as const)
  return {
    names,
    bounds: described.flatMap(([name, member]) => boundOf(name, member, required.has(name))),
    left: [
      ...(combining.some((name) => name in schema) ||
      objectOf(schema['additionalProperties']) !== null
        ? [
            'its schema does not list all its arguments: those that it does not name may not be given',
          ]
        : []),
      ...(strange > 0
        ? [
            `${String(strange)} arguments have names that nobody can read, or are too many: they may not be given`,
          ]
        : []),
      ...described.flatMap(([name, member]) => leftOf(name, member)),
    ],
  }
}

const settings = { strict: false, logger: false, validateFormats: false } as const
const draft7 = new Ajv(settings)
const draft2020 = new Ajv2020(settings)
const dialects = [
  [/2020-12/u, draft2020],
  [/draft-0[67]/u, draft7],
] as const

/** It is compared with its meta-schema and never compiled: a schema is somebody else's program. */
function whyInvalid({ $schema: dialect, ...schema }: JsonObject): string | null {
  const ajv =
    dialect === undefined
      ? draft2020
      : dialects.find(([name]) => name.test(textOf(dialect) ?? ''))?.[1]
  if (ajv === undefined) return 'its schema is of a dialect that is not known'
  return schema['type'] === 'object' && ajv.validateSchema(schema) === true
    ? null
    : 'its schema is not valid'
}

function split(names: readonly string[]): readonly [kept: string[], strange: number] {
  const kept = names.filter((name) => readable.test(name)).slice(0, mostArguments)
  return [kept, names.length - kept.length]
}

function boundOf(name: string, member: JsonObject, isRequired: boolean): ArgumentBound[] {
  const bound: ArgumentBound = {
    path: [name],
    ...(isRequired ? { required: true } : {}),
    ...typeOf(member['type']),
    ...choicesOf(member),
    ...numberOf(member, 'minimum'),
    ...numberOf(member, 'maximum'),
    ...lengthOf(member['maxLength']),
  }
  return Object.keys(bound).length > 1 ? [bound] : []
}

function typeOf(type: unknown): Pick<ArgumentBound, 'type'> {
  const name = type === 'integer' ? 'number' : type
  const found = types.find((one) => one === name)
  return found === undefined ? {} : { type: found }
}

/** A choice that a bound cannot name is left out, which only tightens; without any there is no bound. */
function choicesOf({ enum: listed, const: only }: JsonObject): Pick<ArgumentBound, 'one_of'> {
  const choices = only === undefined ? listOf(listed) : [only]
  const scalars = choices.filter(isScalar)
  return scalars.length === 0 ? {} : { one_of: [...scalars] }
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}

function numberOf(member: JsonObject, name: 'minimum' | 'maximum'): Partial<ArgumentBound> {
  const value = member[name]
  return typeof value === 'number' ? { [name]: value } : {}
}

function lengthOf(value: unknown): Pick<ArgumentBound, 'max_length'> {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? { max_length: Number(value) } : {}
}

function leftOf(name: string, member: JsonObject): readonly string[] {
  const said = beyond.filter((one) => one in member)
  const isBare = !['maxLength', 'enum', 'const'].some((one) => one in member)
  return [
    ...(said.length > 0
      ? [`argument ${plain(name)}: ${said.join(', ')} of its schema is no bound`]
      : []),
    ...(member['type'] === 'string' && isBare
      ? [`argument ${plain(name)}: any text of any length`]
      : []),
  ]
}
