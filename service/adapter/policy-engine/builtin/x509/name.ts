/** Distinguished names (RFC 5280 section 4.1.2.4), as Go's pkix.Name shows them. */
import type { RegoValue } from '../../rego-value.ts'
import { childrenOf, type DerNode, identifierOf, malformed, tags } from './der.ts'
import { stringOf } from './der-text.ts'
import { listOrNull, numbersOf, objectFrom } from './value.ts'

type Attribute = { readonly type: string; readonly value: string }

const lists = {
  Country: '2.5.4.6',
  Organization: '2.5.4.10',
  OrganizationalUnit: '2.5.4.11',
  Locality: '2.5.4.7',
  Province: '2.5.4.8',
  StreetAddress: '2.5.4.9',
  PostalCode: '2.5.4.17',
} as const

/** @throws BuiltinError */
export function nameOf(node: DerNode | undefined): RegoValue {
  const attributes = childrenOf(node).flatMap((part) => childrenOf(part, tags.set).map(attributeOf))
  const all = (wanted: string): readonly string[] =>
    attributes.filter(({ type }) => type === wanted).map(({ value }) => value)
  return objectFrom({
    ...Object.fromEntries(
      Object.entries(lists).map(([name, type]) => [name, listOrNull(all(type))]),
    ),
    CommonName: all('2.5.4.3').at(-1) ?? '',
    SerialNumber: all('2.5.4.5').at(-1) ?? '',
    Names: listOrNull(
      attributes.map(({ type, value }) => objectFrom({ Type: numbersOf(type), Value: value })),
    ),
    ExtraNames: null,
  })
}

function attributeOf(node: DerNode): Attribute {
  const [type, value] = childrenOf(node)
  if (value === undefined) throw malformed('an attribute of a name has no value')
  return { type: identifierOf(type), value: stringOf(value) }
}
