/** The console of a tenant: where its people sign in, and what they may see and do there. */
import { Type, type Static } from 'typebox'
import { closed, Name, oneOf, Reference } from './digest.ts'
import { Scope } from './scope.ts'

/** OpenID Connect, authorization code with PKCE. */
export const SignInConfig = Type.Object(
  {
    /** One of the tenant's issuers of initiators: whoever asks and whoever approves must be told apart. */
    issuer: Reference,
    client_id: Name,
    /** Left out: a public client. */
    client_secret_file: Type.Optional(Reference),
    /** Asked for beside `openid` and `profile`, as one that brings the claim `groups`. */
    scopes: Type.Optional(Type.Array(Name)),
    /** Of which the provider must name one (`acr`). */
    acr_values: Type.Optional(Type.Array(Name, { minItems: 1 })),
    /** The provider may have a private or loopback address, and may speak plain http. */
    internal: Type.Optional(Type.Boolean()),
    /** PEM file: what its certificate must chain to, in place of the public authorities. */
    ca_file: Type.Optional(Reference),
  },
  closed,
)
export type SignInConfig = Static<typeof SignInConfig>

export const ConsoleConfig = Type.Object(
  {
    /** Left out only in development, where a link is printed. */
    sign_in: Type.Optional(SignInConfig),
    /** What members of a group may do here, beside answering what their own group is asked. */
    roles: Type.Optional(
      Type.Array(
        Type.Object(
          { group: Name, scopes: Type.Array(Scope, { minItems: 1, uniqueItems: true }) },
          closed,
        ),
      ),
    ),
    /** `required`: nobody approves here without one (default `offered`: whoever has one uses it). */
    passkeys: Type.Optional(oneOf(['offered', 'required'])),
  },
  closed,
)
export type ConsoleConfig = Static<typeof ConsoleConfig>
