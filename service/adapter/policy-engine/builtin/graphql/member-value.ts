/** What types and directives are made of, as OPA's objects: fields, arguments and values of enumerations. */
import {
  type ASTNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  type StringValueNode,
  type Token,
  TokenKind,
} from 'graphql/language'
import type { RegoObject, RegoValue } from '../../rego-value.ts'
import { commentBeforeToken, each, objectOf } from './node-value.ts'
import { directiveValue, typeValue, valueValue } from './value-value.ts'

export function fieldDefinitionValue(node: FieldDefinitionNode): RegoObject {
  return objectOf({
    Description: node.description?.value ?? '',
    Name: node.name.value,
    Arguments: each(node.arguments, argumentDefinitionValue),
    Type: typeValue(node.type),
    Directives: each(node.directives, directiveValue),
    ...commentsOf(node),
  })
}

/** An argument, or a field of an input object, which has the same members. */
export function argumentDefinitionValue(node: InputValueDefinitionNode): RegoObject {
  return objectOf({
    Description: node.description?.value ?? '',
    Name: node.name.value,
    DefaultValue: node.defaultValue === undefined ? undefined : valueValue(node.defaultValue),
    Type: typeValue(node.type),
    Directives: each(node.directives, directiveValue),
    ...commentsOf(node),
  })
}

export function enumValueValue(node: EnumValueDefinitionNode): RegoObject {
  return objectOf({
    Description: node.description?.value ?? '',
    Name: node.name.value,
    Directives: each(node.directives, directiveValue),
    ...commentsOf(node),
  })
}

const membersOnly: ReadonlySet<string> = new Set([
  Kind.FIELD_DEFINITION,
  Kind.INPUT_VALUE_DEFINITION,
  Kind.ENUM_VALUE_DEFINITION,
])

type Described = ASTNode & { readonly description?: StringValueNode | undefined }

/** The comments before a description and after it. */
export function commentsOf(node: ASTNode): Readonly<Record<string, RegoValue | undefined>> {
  const { description, loc } = node as Described
  const first = description === undefined ? loc?.startToken : nextOf(description.loc?.endToken)
  // gqlparser passes over the comment before an empty description, except of a type.
  const hasBefore = description?.value !== '' || !membersOnly.has(node.kind)
  return {
    BeforeDescriptionComment: hasBefore
      ? commentBeforeToken(description?.loc?.startToken)
      : undefined,
    AfterDescriptionComment: commentBeforeToken(first),
  }
}

/** The comments before a closing brace. */
export function commentAtEnd(end: Token | undefined): RegoValue | undefined {
  return end?.kind === TokenKind.BRACE_R ? commentBeforeToken(end) : undefined
}

function nextOf(token: Token | undefined): Token | undefined {
  let next = token?.next
  while (next?.kind === TokenKind.COMMENT) next = next.next
  return next ?? undefined
}
