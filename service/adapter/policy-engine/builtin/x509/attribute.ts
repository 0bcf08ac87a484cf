/** Attributes of a request whose values are sequences of a type and a value: Go shows these and no others. */
import type { RegoValue } from '../../rego-value.ts'
import { numberOf } from '../operand.ts'
import { booleanOf, childrenOf, type DerNode, identifierOf, integerOf, tags } from './der.ts'
import { stringOf } from './der-text.ts'
import { base64, listOrNull, numbersOf, objectFrom } from './value.ts'

/** @throws BuiltinError */
export function attributeValues(attributes: readonly DerNode[]): RegoValue {
  return listOrNull(attributes.flatMap(attributeOf))
}

function attributeOf(node: DerNode): readonly RegoValue[] {
  const [type, values] = childrenOf(node)
  const sets = values?.children ?? []
  const isShown = values?.tag === tags.set && sets.every(isTyped)
  if (!isShown) return []
  const value = sets.map(({ children }) =>
    children.map((item) => {
      const [type, value] = item.children
      return objectFrom({
        Type: numbersOf(identifierOf(type)),
        Value: value === undefined ? null : anyValue(value),
      })
    }),
  )
  return [objectFrom({ Type: numbersOf(identifierOf(type)), Value: value })]
}

function isTyped({ tag, children }: DerNode): boolean {
  return (
    tag === tags.sequence &&
    children.every(
      (item) =>
        item.tag === tags.sequence &&
        item.children[0]?.tag === tags.identifier &&
        item.children.length > 1,
    )
  )
}

/** As Go's encoding/asn1 reads a value of no known type. */
function anyValue(node: DerNode): RegoValue {
  switch (node.tag) {
    case tags.boolean:
      return booleanOf(node)
    case tags.integer:
      return numberOf(integerOf(node))
    case tags.octetString:
      return base64(node.content)
    case tags.identifier:
      return numbersOf(identifierOf(node))
    case tags.sequence:
    case tags.set:
      return null
    default:
      return stringOf(node)
  }
}
