/** Who is sent what the log says, and how far each delivery has come. */
import { Type, type Static } from 'typebox'
import { closed, Name, nullable, oneOf, Reference } from './digest.ts'

/** A receiver over HTTP: how it is reached, and the file that holds what it knows us by. */
const receiver = {
  url: Reference,
  /** The host may have a private or loopback address, and may speak plain http. */
  internal: Type.Optional(Type.Boolean()),
  /** PEM file: what the certificate of the host must chain to, in place of the public authorities. */
  ca_file: Type.Optional(Reference),
}

/** A name of its own for each: its place in the log is kept under it. */
const DeliveryName = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' })

/** Every decision, as OPA uploads decision logs: `POST <url>`, a gzipped JSON array of events. */
export const OpaDelivery = Type.Object(
  {
    name: DeliveryName,
    kind: Type.Literal('opa_decision_log'),
    ...receiver,
    /** A file whose text is sent as bearer token; read again at each request. */
    bearer_token_file: Type.Optional(Reference),
    /** Send what policy saw and the texts of findings too (default false: named in `erased`). */
    disclose: Type.Optional(Type.Boolean()),
  },
  closed,
)
export type OpaDelivery = Static<typeof OpaDelivery>

/** Approvals, as signed webhooks (Standard Webhooks 1.0). */
export const WebhookDelivery = Type.Object(
  {
    name: DeliveryName,
    kind: Type.Literal('webhook'),
    ...receiver,
    /** `whsec_` and at least 24 random bytes in base64. */
    secret_file: Reference,
  },
  closed,
)
export type WebhookDelivery = Static<typeof WebhookDelivery>

/** Approvals, as messages of an incoming webhook of Slack or what speaks its language. */
export const SlackDelivery = Type.Object(
  {
    name: DeliveryName,
    kind: Type.Literal('slack'),
    /** A file with the URL, which is a credential. */
    url_file: Reference,
    internal: receiver.internal,
    ca_file: receiver.ca_file,
  },
  closed,
)
export type SlackDelivery = Static<typeof SlackDelivery>

/** Approvals that are asked for or expire, as e-mail. */
export const EmailDelivery = Type.Object(
  {
    name: DeliveryName,
    kind: Type.Literal('email'),
    host: Name,
    port: Type.Integer({ minimum: 1, maximum: 65_535 }),
    /** `none` only to a host that is marked internal. */
    security: oneOf(['tls', 'starttls', 'none']),
    internal: receiver.internal,
    ca_file: receiver.ca_file,
    username: Type.Optional(Name),
    password_file: Type.Optional(Reference),
    from: Name,
    /** Group that may approve -> addresses; `*` for every other group. */
    to: Type.Record(Type.String(), Type.Array(Name, { minItems: 1, maxItems: 100 })),
  },
  closed,
)
export type EmailDelivery = Static<typeof EmailDelivery>

export const DeliveryConfig = Type.Union([
  OpaDelivery,
  WebhookDelivery,
  SlackDelivery,
  EmailDelivery,
])
export type DeliveryConfig = Static<typeof DeliveryConfig>

export const DeliveryState = Type.Object(
  {
    name: DeliveryName,
    kind: oneOf(['opa_decision_log', 'webhook', 'slack', 'email']),
    /** Entries of the log that were delivered, or that it has no use for. */
    delivered: Type.Integer({ minimum: 0 }),
    /** Entries that it has yet to see. */
    lag: Type.Integer({ minimum: 0 }),
    /** In a row. */
    failures: Type.Integer({ minimum: 0 }),
    /** Why it failed last; null while it does not. */
    error: nullable(Type.String()),
  },
  closed,
)
export type DeliveryState = Static<typeof DeliveryState>

export const NoticeEvent = oneOf([
  'approval.requested',
  'approval.voted',
  'approval.used',
  'approval.cancelled',
  'approval.expired',
])
export type NoticeEvent = Static<typeof NoticeEvent>

/** `event` of a leaf of kind `notification`: a receiver took a notice about an approval. */
export const Notification = Type.Object(
  {
    approval_id: Name,
    delivery: DeliveryName,
    event: NoticeEvent,
    /** What the receiver said: the status of its answer, or the id of the message. */
    receipt: Type.String(),
  },
  closed,
)
export type Notification = Static<typeof Notification>
