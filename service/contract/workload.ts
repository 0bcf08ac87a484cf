/** How the workload of an MCP server is named in the registry, and what was proved of it. */
import { Type, type Static } from 'typebox'
import { closed, Digest, Name, Reference } from './digest.ts'

/** Claims of a platform token and their values: all of them must be as written. Prefer ids, names are given out again. */
export const PlatformClaims = Type.Record(Name, Name, { minProperties: 1 })

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
])
export type RegisteredWorkload = Static<typeof RegisteredWorkload>

/** What a platform token said: texts only, nested members under `<member>/<member>`. */
export const ProvedPlatform = Type.Object(
  { issuer: Type.String(), claims: Type.Record(Type.String(), Type.String()) },
  closed,
)
export type ProvedPlatform = Static<typeof ProvedPlatform>
