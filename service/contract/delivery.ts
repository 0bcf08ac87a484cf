/** Who is sent what the log says, and how far each delivery has come. */
import { Type, type Static } from 'typebox'
import { closed, nullable, oneOf, Reference } from './digest.ts'

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

export const DeliveryConfig = Type.Union([OpaDelivery])
export type DeliveryConfig = Static<typeof DeliveryConfig>

export const DeliveryState = Type.Object(
  {
    name: DeliveryName,
    kind: oneOf(['opa_decision_log']),
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
