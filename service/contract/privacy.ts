/**
 * Which of what is disclosed beside leaves is of which class, and how long each class is kept: data of the tenant, in its registry.
 *
 * Whatever the tenant says, all of it is personal: it is encrypted under keys of the person, and of the class. A class that is not
 * named is kept for `defaultKeepDays`, and what no class names is of the class `other`.
 */
import { Type, type Static } from 'typebox'
import { closed } from './digest.ts'
import type { Fault } from './error-code.ts'

/** Parts of a record that the service knows; each is a class of its own, unless the tenant names classes inside it. */
export const recordParts = ['arguments', 'prompts', 'answers', 'results', 'names', 'other'] as const
export type RecordPart = (typeof recordParts)[number]

/** Parts whose members are the caller's own, so that a tenant may name classes inside them. */
const openParts: readonly string[] = ['arguments', 'prompts', 'answers', 'results']

/** Thirteen months: what an audit of the year before still finds. */
export const defaultKeepDays = 400

export const PrivacyClass = Type.Object(
  {
    /** Where it lies: `<part>/<member>/…`; left out for a part itself. */
    fields: Type.Optional(
      Type.Array(Type.String({ minLength: 3, maxLength: 512 }), {
        minItems: 1,
        maxItems: 64,
        uniqueItems: true,
      }),
    ),
    /** Days after which it ends; null: only an erasure ends it. */
    keep_days: Type.Union([Type.Integer({ minimum: 1, maximum: 36_500 }), Type.Null()]),
  },
  closed,
)

export const Privacy = Type.Object(
  {
    /** By name: a part, or a name of the tenant's own with `fields`. */
    classes: Type.Record(Type.String({ pattern: '^[a-z][a-z0-9_]{0,31}$' }), PrivacyClass, {
      ...closed,
      maxProperties: 16,
    }),
  },
  closed,
)
export type Privacy = Static<typeof Privacy>

/** What a schema cannot say: names that lead nowhere, and a field of two classes. */
export function privacyFaults({ classes }: Privacy): readonly Fault[] {
  const owners = new Map<string, string>()
  return Object.entries(classes).flatMap(([name, { fields }]) => {
    if (name === 'record')
      return [
        {
          pointer: placeOf(name),
          reason: 'records of earlier versions have this name: take another',
        },
      ]
    const isPart = recordParts.some((part) => part === name)
    const at = placeOf(name)
    if (isPart && fields !== undefined)
      return [
        {
          pointer: `${at}/fields`,
          reason: 'a part of the record has no fields to name: leave them out',
        },
      ]
    if (!isPart && fields === undefined)
      return [
        {
          pointer: at,
          reason: `this is none of ${recordParts.join(', ')}: name its fields, such as "arguments/${name}"`,
        },
      ]
    return (fields ?? []).flatMap((field, i) => {
      const reason = fieldFault(field, owners)
      owners.set(field, name)
      return reason === null ? [] : [{ pointer: `${at}/fields/${String(i)}`, reason }]
    })
  })
}

function placeOf(name: string): string {
  return `/privacy/classes/${name}`
}

function fieldFault(field: string, owners: ReadonlyMap<string, string>): string | null {
  const [part = '', ...members] = field.split('/')
  if (!openParts.includes(part) || members.length === 0 || members.includes(''))
    return `"${field}" leads nowhere: begin with one of ${openParts.join(', ')}, then a member, such as "arguments/patient"`
  const owner = owners.get(field)
  return owner === undefined ? null : `"${field}" is of the class ${owner} already: name it once`
}
