/** `GET /v1/peps`: the gateways of a tenant as the service knows them now. */
import { Type, type Static } from 'typebox'
import { accountable } from './accountable.ts'
import { closed, Name, nullable, oneOf, Reference } from './digest.ts'
import { Scope } from './scope.ts'

export const PepState = Type.Object(
  {
    client_id: Name,
    issuer: Reference,
    proof: oneOf(['dpop', 'wit', 'bearer']),
    scopes: Type.Array(Scope),
    project: Name,
    environment: Name,
    servers: Type.Array(Name),
    ...accountable,
    /** Seconds since the epoch; null when it was not since this process began. */
    last_seen: nullable(Type.Integer({ minimum: 0 })),
    /** The stop that revokes it; null while it may ask. */
    revoked_by: nullable(Name),
  },
  closed,
)
export type PepState = Static<typeof PepState>

export const PepList = Type.Object({ tenant: Name, peps: Type.Array(PepState) }, closed)
export type PepList = Static<typeof PepList>
