/** Members of the objects that OPA makes of documents: what is empty is left out, and comments are named. */
import { type ASTNode, type Token, TokenKind } from 'graphql/language'
import { RegoObject, type RegoValue } from '../../rego-value.ts'

/** Undefined members and empty lists are left out (pruneIrrelevantGraphQLASTNodes in OPA's graphql.go). */
export function objectOf(members: Readonly<Record<string, RegoValue | undefined>>): RegoObject {
  return new RegoObject(
    Object.entries(members).flatMap(([name, value]) =>
      value === undefined || (Array.isArray(value) && value.length === 0) ? [] : [[name, value]],
    ),
  )
}

export function each<T extends ASTNode>(
  nodes: readonly T[] | undefined,
  valueOf: (node: T) => RegoValue,
): readonly RegoValue[] {
  return (nodes ?? []).map(valueOf)
}

/** The comments right before a node. */
export function commentBefore(node: ASTNode): RegoValue | undefined {
  return commentBeforeToken(node.loc?.startToken)
}

export function commentBeforeToken(token: Token | undefined): RegoValue | undefined {
  const comments: RegoValue[] = []
  for (let at = token?.prev; at?.kind === TokenKind.COMMENT; at = at.prev)
    comments.unshift(objectOf({ Value: `#${at.value}` }))
  return comments.length === 0 ? undefined : objectOf({ List: comments })
}
