/** A rule that the library lacks: gqlparser reads numbers into 64 bits, and refuses those that do not fit. */
import { GraphQLError } from 'graphql/error'
import type { ASTVisitor, FloatValueNode, IntValueNode } from 'graphql/language'
import type { ValidationContext } from 'graphql/validation'

const most = 2n ** 63n

/** The scalars that take numbers; those of a schema's own take any. */
const ranged: ReadonlySet<string> = new Set(['Float', 'ID', 'Int'])

export function numbersFit(context: ValidationContext): ASTVisitor {
  const refuse = (node: IntValueNode | FloatValueNode, fits: boolean): void => {
    const name = String(context.getInputType()).replaceAll(/[[\]!]/g, '')
    if (!fits && ranged.has(name))
      context.reportError(new GraphQLError('a number is too great', { nodes: node }))
  }
  return {
    IntValue: (node) => {
      refuse(node, isInt64(node.value))
    },
    FloatValue: (node) => {
      refuse(node, Number.isFinite(Number(node.value)))
    },
  }
}

function isInt64(text: string): boolean {
  if (text.length > 20) return false
  const value = BigInt(text)
  return value >= -most && value < most
}
