/** How the workload of an MCP server is named in the registry, and what was proved of it. */
import { Type, type Static } from 'typebox'
import { closed, Digest, Name, Reference } from './digest.ts'

/** Claims of a platform token and their values: all of them must be as written. Prefer ids, names are given out again. */
export const PlatformClaims = Type.Record(Name, Name, { minProperties: 1 })

/** A host name as TLS checks it: lower case, A-labels, no wildcard, no address, no dot at the end. */
export const TlsName = Type.String({
  pattern: '^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$',
  maxLength: 253,
})

/** Under which name a server is reached, and the keys (SHA-256 of the SubjectPublicKeyInfo) of which its path has one. */
export const TlsPin = Type.Object(
  { name: TlsName, keys: Type.Array(Digest, { minItems: 1, maxItems: 16, uniqueItems: true }) },
  closed,
)
export type TlsPin = Static<typeof TlsPin>

/** What a gateway saw: the name that it verified, and the pinned key that is nearest to the server on the path. */
export const SeenTls = Type.Object({ name: Type.String(), key: Type.String() }, closed)

export const RegisteredWorkload = Type.Union([
  /** A whole SPIFFE ID (or a WIMSE identifier), compared byte for byte. */
  Type.Object({ spiffe_id: Reference }, closed),
  /** A platform vouches for it: Kubernetes, GitHub Actions, GitLab, another OIDC issuer of workloads. */
  Type.Object(
    { platform: Type.Object({ issuer: Reference, claims: PlatformClaims }, closed) },
    closed,
  ),
  /** A gateway starts it, by a command, image or package of one of these digests. */
  Type.Object(
    { launch: Type.Object({ digests: Type.Array(Digest, { minItems: 1 }) }, closed) },
    closed,
  ),
  /** A gateway reaches it by TLS. */
  Type.Object({ tls: TlsPin }, closed),
])
export type RegisteredWorkload = Static<typeof RegisteredWorkload>

/** What a platform token said: texts only, nested members under `<member>/<member>`. */
export const ProvedPlatform = Type.Object(
  { issuer: Type.String(), claims: Type.Record(Type.String(), Type.String()) },
  closed,
)
export type ProvedPlatform = Static<typeof ProvedPlatform>
