/** What policy sees of content that Rego cannot take apart: texts, URLs, forms and requests for a model. */
import { Type, type Static } from 'typebox'
import { closed, nullable, oneOf } from './digest.ts'

const Names = Type.Array(Type.String())

/**
 * One text that a person or a model will read. `folded` is for word lists: NFKC, hidden characters and
 * accents taken away, lower case, camelCase split, separators one space, look-alikes of other scripts
 * mapped to Latin in words that mix scripts; then, after ` | `, the same with digits read as letters.
 */
export const TextFeature = Type.Object(
  {
    where: Type.String(),
    length: Type.Integer(),
    hidden: Type.Boolean(),
    folded: Type.String(),
  },
  closed,
)
export type TextFeature = Static<typeof TextFeature>

export const UrlFeature = Type.Object(
  {
    valid: Type.Boolean(),
    scheme: Type.String(),
    /** As ASCII (punycode); empty when the URL is not valid. */
    host: Type.String(),
    userinfo: Type.Boolean(),
    port: Type.String(),
    /** The host has a label outside ASCII, or mixes scripts. */
    look_alike: Type.Boolean(),
    query_bytes: Type.Integer(),
  },
  closed,
)
export type UrlFeature = Static<typeof UrlFeature>

export const ElicitationFeatures = Type.Object(
  {
    mode: oneOf(['form', 'url', 'unknown']),
    /** accept, decline or cancel in an answer; null in a request. */
    action: nullable(Type.String()),
    schema_digest: nullable(Type.String()),
    /** The schema is an object of primitive properties, as MCP restricts it. */
    flat: Type.Boolean(),
    fields: Type.Array(
      Type.Object(
        { name: Type.String(), type: Type.String(), format: nullable(Type.String()) },
        closed,
      ),
    ),
    /** Message, titles, descriptions, names, defaults and choices. */
    texts: Type.Array(TextFeature),
    url: nullable(UrlFeature),
    /** Names of the members of an answer's `content`; null when there is none. */
    answered: nullable(Names),
    /** Answered members that the definition did not ask for, or whose type differs. */
    unasked: Names,
  },
  closed,
)
export type ElicitationFeatures = Static<typeof ElicitationFeatures>

export const SamplingFeatures = Type.Object(
  {
    include_context: Type.String(),
    max_tokens: nullable(Type.Number()),
    message_count: Type.Integer(),
    context_bytes: Type.Integer(),
    context_digest: Type.String(),
    system_prompt_digest: nullable(Type.String()),
    tools: Type.Array(
      Type.Object({ name: Type.String(), definition_digest: Type.String() }, closed),
    ),
    models: Names,
    media_types: Names,
    texts: Type.Array(TextFeature),
    /** The model that answered; null in a request. */
    answered_model: nullable(Type.String()),
    /** Every member has the shape that MCP gives it. */
    well_formed: Type.Boolean(),
  },
  closed,
)
export type SamplingFeatures = Static<typeof SamplingFeatures>
