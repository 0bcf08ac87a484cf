/** Extensions of certificates and requests, raw (RFC 5280 section 4.1.2.9). */
import type { RegoValue } from '../../rego-value.ts'
import {
  booleanOf,
  childrenOf,
  type DerNode,
  expectTag,
  identifierOf,
  malformed,
  tags,
} from './der.ts'
import { base64, listOrNull, numbersOf, objectFrom } from './value.ts'

export type Extension = {
  readonly type: string
  readonly isCritical: boolean
  /** DER. */
  readonly value: Buffer
}

/** @param node a sequence of them @throws BuiltinError; also when one occurs twice */
export function extensionsOf(node: DerNode | undefined): readonly Extension[] {
  const extensions = childrenOf(node).map(extensionOf)
  if (new Set(extensions.map(({ type }) => type)).size !== extensions.length)
    throw malformed('an extension is there twice')
  return extensions
}

export function extensionValues(extensions: readonly Extension[]): RegoValue {
  return listOrNull(
    extensions.map(({ type, isCritical, value }) =>
      objectFrom({ Id: numbersOf(type), Critical: isCritical, Value: base64(value) }),
    ),
  )
}

function extensionOf(node: DerNode): Extension {
  const [type, ...rest] = childrenOf(node)
  const critical = rest[0]?.tag === tags.boolean ? rest[0] : null
  const value = expectTag(critical === null ? rest[0] : rest[1], tags.octetString)
  return {
    type: identifierOf(type),
    isCritical: critical !== null && booleanOf(critical),
    value: value.content,
  }
}
