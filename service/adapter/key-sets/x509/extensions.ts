/** The extensions of a certificate that identities rest on (RFC 5280 section 4.2.1); each at most once. */
import type {
  AlternativeName,
  Certificate,
  NameConstraints,
} from '../../../identity/certificate.ts'
import {
  bitsOf,
  booleanOf,
  childrenOf,
  contentOf,
  identifierOf,
  MalformedDer,
  readDer,
  smallIntegerOf,
  tags,
  type Der,
} from './der.ts'
import { isText, nameOf } from './general-name.ts'
import { checkUnused } from './unused-extensions.ts'

export type Extensions = Pick<
  Certificate,
  'basicConstraints' | 'keyUsage' | 'purposes' | 'names' | 'nameConstraints' | 'hasUnknownCritical'
>

type Extension = { readonly isCritical: boolean; readonly value: Der }

/** The last two octets of 2.5.29.x. */
const types = {
  keyUsage: '551d0f',
  names: '551d11',
  basicConstraints: '551d13',
  nameConstraints: '551d1e',
  purposes: '551d25',
} as const
const known: ReadonlySet<string> = new Set(Object.values(types))

/** @param list the sequence of them; undefined: none @throws MalformedDer */
export function extensionsOf(list: Der | undefined): Extensions {
  const found = new Map<string, Extension>()
  for (const element of list === undefined ? [] : childrenOf(list)) {
    const [type, extension] = extensionOf(element)
    if (found.has(type)) throw new MalformedDer('an extension is there twice')
    found.set(type, extension)
  }
  const of = <T>(type: string, read: (extension: Extension) => T): T | null => {
    const extension = found.get(type)
    return extension === undefined ? null : read(extension)
  }
  return {
    basicConstraints: of(types.basicConstraints, basicConstraintsOf),
    keyUsage: of(types.keyUsage, keyUsageOf),
    purposes: of(types.purposes, ({ value }) => childrenOf(value).map(dotted)),
    names: of(types.names, ({ value }) => childrenOf(value).map(subjectNameOf)) ?? [],
    nameConstraints: of(types.nameConstraints, nameConstraintsOf),
    hasUnknownCritical: [...found].some(([type, { isCritical }]) => isCritical && !known.has(type)),
  }
}

function extensionOf(element: Der): readonly [string, Extension] {
  const [type, ...rest] = childrenOf(element)
  const isMarked = rest[0]?.tag === tags.boolean
  const isCritical = isMarked && rest[0] !== undefined && booleanOf(rest[0])
  const [value, ...more] = isMarked ? rest.slice(1) : rest
  // What is false by default is not written (ITU-T X.690 section 11.5).
  if (more.length > 0 || isMarked !== isCritical) throw new MalformedDer('an extension is broken')
  const text = identifierOf(type)
  const content = contentOf(value, tags.octetString)
  checkUnused(text, content)
  return [
    text,
    { isCritical, value: known.has(text) ? readDer(content) : { tag: 0, raw: content, content } },
  ]
}

function basicConstraintsOf({ value }: Extension): NonNullable<Extensions['basicConstraints']> {
  const parts = [...childrenOf(value)]
  const isAuthority = parts[0]?.tag === tags.boolean && booleanOf(parts.shift() ?? value)
  const length = parts.shift()
  if (parts.length > 0) throw new MalformedDer('basic constraints are broken')
  return { isAuthority, pathLength: length === undefined ? null : smallIntegerOf(length) }
}

function keyUsageOf({ isCritical, value }: Extension): NonNullable<Extensions['keyUsage']> {
  const isSet = bitsOf(value)
  return {
    isCritical,
    digitalSignature: isSet(0),
    certificateSigning: isSet(5),
    listSigning: isSet(6),
  }
}

/** Of a subject: an address is of four octets or of sixteen. */
function subjectNameOf(element: Der): AlternativeName {
  const name = nameOf(element)
  if (element.tag === 0x87 && element.content.length !== 4 && element.content.length !== 16)
    throw new MalformedDer('an address is of no known length')
  return name
}

function nameConstraintsOf({ value }: Extension): NameConstraints {
  const parts = childrenOf(value)
  const subtreesOf = (tag: number): readonly AlternativeName[] =>
    parts.filter((part) => part.tag === tag).flatMap((part) => childrenOf(part, tag).map(baseOf))
  const isSound =
    parts.length > 0 && parts.every(({ tag }, i) => tag === 0xa1 || (tag === 0xa0 && i === 0))
  if (!isSound || parts.length > 2) throw new MalformedDer('name constraints are broken')
  return { permitted: subtreesOf(0xa0), excluded: subtreesOf(0xa1) }
}

/** RFC 5280 section 4.2.1.10: neither a minimum nor a maximum is used. */
function baseOf(subtree: Der): AlternativeName {
  const [base, ...more] = childrenOf(subtree)
  if (base === undefined || more.length > 0) throw new MalformedDer('a subtree is broken')
  const kind = base.tag & 0x1f
  // A base may be empty, or a domain with a dot in front.
  return isText(base.tag) && base.content.length === 0 ? { kind, text: '' } : nameOf(base)
}

/** As in `1.3.6.1`. */
function dotted(element: Der): string {
  const values: bigint[] = [0n]
  for (const byte of Buffer.from(identifierOf(element), 'hex')) {
    const value = ((values.pop() ?? 0n) << 7n) | BigInt(byte & 0x7f)
    values.push(value, ...(byte < 0x80 ? [0n] : []))
  }
  const [joint = 0n, ...rest] = values.slice(0, -1)
  const first = joint < 80n ? joint / 40n : 2n
  return [first, joint - first * 40n, ...rest].join('.')
}
