/**
 * Text to a document, in the grammar that OPA's parser (gqlparser v2.5) takes. The library's grammar is newer: what
 * it adds is refused here, so that no document is valid here that is not valid in OPA.
 */
import {
  parse,
  type ASTNode,
  DirectiveLocation,
  type DocumentNode,
  Kind,
  Lexer,
  Location,
  Source,
  type Token,
  TokenKind,
  visit,
} from 'graphql/language'
import { asked, refuseIf } from './document-fault.ts'

/** The library's own time grows faster than the document from about here on. */
const mostTokens = 100_000

const ofQuery: ReadonlySet<string> = new Set([Kind.OPERATION_DEFINITION, Kind.FRAGMENT_DEFINITION])

/** @throws DocumentFault */
export function parseQuery(text: string): DocumentNode {
  return parseOf(text, (kind) => ofQuery.has(kind))
}

/** @throws DocumentFault */
export function parseSchema(text: string): DocumentNode {
  return parseOf(text, (kind) => !ofQuery.has(kind) && kind !== Kind.DIRECTIVE_EXTENSION)
}

function parseOf(text: string, takes: (kind: string) => boolean): DocumentNode {
  // OPA's parser takes no control character anywhere, the library takes them in strings and comments.
  refuseIf(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text), 'a control character')
  const source = new Source(text)
  const empty = emptyDocument(source)
  if (empty !== null) return empty
  const options = { maxLexicalTokens: mostTokens, experimentalFragmentArguments: true }
  const document = asked(() => parse(source, options))
  for (const { kind } of document.definitions)
    refuseIf(!takes(kind), `${kind} does not belong here`)
  refuseNewStrings(document, text)
  visit(document, { enter: refuseNewGrammar })
  return document
}

/** The library refuses a document without definitions; OPA does not. */
function emptyDocument(source: Source): DocumentNode | null {
  const lexer = new Lexer(source)
  const token = asked(() => lexer.lookahead())
  if (token.kind !== TokenKind.EOF) return null
  const loc = new Location(lexer.token, token, source)
  return { kind: Kind.DOCUMENT, definitions: [], loc }
}

/** Where OPA's parser lets no directive stand, and the library does. */
const newLocations: ReadonlySet<string> = new Set([
  DirectiveLocation.DIRECTIVE_DEFINITION,
  DirectiveLocation.FRAGMENT_VARIABLE_DEFINITION,
])

function refuseNewGrammar(node: ASTNode): void {
  switch (node.kind) {
    case Kind.SELECTION_SET: {
      refuseIf(node.selections.length === 0, 'a selection set is empty')
      return
    }
    case Kind.FRAGMENT_SPREAD: {
      refuseIf((node.arguments ?? []).length > 0, 'a fragment spread has arguments')
      return
    }
    case Kind.OPERATION_DEFINITION:
    case Kind.FRAGMENT_DEFINITION:
    case Kind.VARIABLE_DEFINITION: {
      refuseIf(node.description !== undefined, 'a query has descriptions')
      return
    }
    case Kind.INTERFACE_TYPE_EXTENSION: {
      refuseIf((node.interfaces ?? []).length > 0, 'an extension adds interfaces to one')
      return
    }
    case Kind.DIRECTIVE_DEFINITION: {
      refuseIf((node.directives ?? []).length > 0, 'a directive has directives')
      for (const { value } of node.locations)
        refuseIf(newLocations.has(value), 'a location is newer')
      return
    }
    default:
      return
  }
}

/** Braces in an escape (`\u{1F600}`) are newer than OPA's parser. */
function refuseNewStrings({ loc }: DocumentNode, text: string): void {
  for (let token: Token | null = loc?.startToken ?? null; token !== null; token = token.next)
    if (token.kind === TokenKind.STRING)
      refuseIf(
        /^(?:[^\\]|\\[^u]|\\u[^{])*\\u\{/.test(text.slice(token.start, token.end)),
        'an escape has braces',
      )
}
