/** The production configuration file: one JSON document, every member checked, no default secret. */
import { Type, type Static } from 'typebox'
import { closed, Name, oneOf, OpenObject, Reference } from './digest.ts'
import { DeliveryConfig } from './delivery.ts'
import { ConsoleConfig } from './console-config.ts'
import { PepRegistration } from './pep-registration.ts'
import { PlatformClaims } from './workload.ts'

const SigningAlgorithm = oneOf(['ES256', 'Ed25519'])
const VerifyAlgorithm = oneOf(['ES256', 'ES384', 'RS256', 'PS256', 'Ed25519', 'EdDSA'])

/** How a host is reached that serves keys or revocations, and how long its last answer counts. */
export const reach = {
  /** The host may have a private or loopback address. */
  internal: Type.Optional(Type.Boolean()),
  /** PEM file: what the certificate of the host must chain to, in place of the public authorities. */
  ca_file: Type.Optional(Reference),
}
/** Seconds for which keys are still used that cannot be fetched anew (default 3600). */
const staleness = {
  max_stale_seconds: Type.Optional(Type.Integer({ minimum: 120, maximum: 14_400 })),
}

/** Where a key set is: in this file, in another file, or at a URL that is fetched with bounds. */
export const KeySetSource = Type.Union([
  Type.Object({ inline: OpenObject }, closed),
  Type.Object({ file: Reference }, closed),
  Type.Object({ url: Reference, ...reach, ...staleness }, closed),
  /** OpenID Connect Discovery 1.0 of the issuer itself; its keys may lie on its own host or one of these. */
  Type.Object(
    {
      discovery: Type.Object({ hosts: Type.Optional(Type.Array(Name)) }, closed),
      ...reach,
      ...staleness,
    },
    closed,
  ),
])
export type KeySetSource = Static<typeof KeySetSource>

/**
 * Where a trust domain's bundle is. A `url` alone is the profile `https_web`; with the SPIFFE ID of the endpoint it is
 * `https_spiffe`: the endpoint is known by its X509-SVID (SPIFFE Federation, section 5.2).
 */
export const SpiffeBundleSource = Type.Union([
  ...KeySetSource.anyOf,
  Type.Object(
    {
      url: Reference,
      endpoint_spiffe_id: Reference,
      /** The first bundle, for an endpoint in the trust domain that it serves. */
      bootstrap_file: Type.Optional(Reference),
      internal: reach.internal,
      ...staleness,
    },
    closed,
  ),
])
export type SpiffeBundleSource = Static<typeof SpiffeBundleSource>

/** An issuer of tokens, for the kinds that it is named for and no other. */
export const Issuer = Type.Object(
  {
    issuer: Reference,
    kinds: Type.Array(oneOf(['initiator', 'pep', 'grant', 'events', 'platform', 'status']), {
      minItems: 1,
      uniqueItems: true,
    }),
    algorithms: Type.Array(VerifyAlgorithm, { minItems: 1, uniqueItems: true }),
    keys: KeySetSource,
    /** For the kind `platform`: claims that every token of it must have, as `project_id`; demanded of shared issuers. */
    claims: Type.Optional(PlatformClaims),
    /** Where status lists of its tokens may lie, who signs them (itself), and how often they are looked at. */
    status: Type.Optional(
      Type.Object(
        {
          origins: Type.Array(Reference, { minItems: 1 }),
          signed_by: Type.Optional(Reference),
          refresh_seconds: Type.Optional(Type.Integer({ minimum: 5, maximum: 3600 })),
          ...reach,
        },
        closed,
      ),
    ),
    /** For the kind `events`: issuers beside itself of whose subjects its security events may speak. */
    speaks_for: Type.Optional(Type.Array(Reference)),
  },
  closed,
)
export type Issuer = Static<typeof Issuer>

/** A SPIFFE trust domain and its bundle (JWT-SVID keys have `use: jwt-svid`). */
export const TrustDomain = Type.Object({ name: Name, bundle: SpiffeBundleSource }, closed)
export type TrustDomain = Static<typeof TrustDomain>

export const BundleKey = Type.Object(
  {
    id: Name,
    algorithm: oneOf(['ES256', 'ES384', 'RS256', 'PS256', 'EdDSA']),
    public_key_file: Reference,
    /** What a signature by this key must say that it is for (OPA's `scope`). */
    scope: Type.Optional(Name),
    /** Seconds since the epoch: bundles are accepted by this key from then, and until then. */
    not_before: Type.Optional(Type.Integer({ minimum: 0 })),
    not_after: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  closed,
)

export type BundleKey = Static<typeof BundleKey>

/** Seconds between two looks at a source: a uniform choice between the two. */
const delays = {
  min_delay_seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400 })),
  max_delay_seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400 })),
}

/** Where bundles come from. Every source is looked at again and again; roots of all must be disjoint. */
export const BundleSource = Type.Union([
  /** Every `*.tar.gz` in it is loaded; it is watched. */
  Type.Object({ directory: Reference }, closed),
  /** OPA's bundle protocol: one tarball at a URL, with ETag and long polling. */
  Type.Object(
    {
      url: Reference,
      /** The host may have a private or loopback address, and may speak plain http. */
      internal: Type.Optional(Type.Boolean()),
      /** A file whose text is sent as bearer token; read again at each request. */
      bearer_token_file: Type.Optional(Reference),
      /** Ask the server to hold the request until there is something new. */
      long_polling_seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 3600 })),
      ...delays,
    },
    closed,
  ),
  /** An image in an OCI registry: `host[:port]/repository:tag` (or `@sha256:…`). */
  Type.Object(
    {
      oci: Reference,
      internal: Type.Optional(Type.Boolean()),
      username: Type.Optional(Name),
      password_file: Type.Optional(Reference),
      ...delays,
    },
    closed,
  ),
])
export type BundleSource = Static<typeof BundleSource>

export const BundleConfig = Type.Object(
  {
    sources: Type.Array(BundleSource, { minItems: 1 }),
    keys: Type.Array(BundleKey, { minItems: 1 }),
    /** Seconds that a policy still decides after a source has last answered (default a day). */
    staleness_seconds: Type.Optional(Type.Integer({ minimum: 1 })),
    /** Good sets that stay at hand for a rollback (default 10). */
    keep: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    /** Sources of a candidate that judges the same traffic and decides nothing. */
    shadow: Type.Optional(
      Type.Object({ sources: Type.Array(BundleSource, { minItems: 1 }), owner: Name }, closed),
    ),
  },
  closed,
)
export type BundleConfig = Static<typeof BundleConfig>

/** A second listener, for peers that show a certificate; its files are read again every 30 seconds. */
export const TlsListen = Type.Object(
  {
    host: Name,
    port: Type.Integer({ minimum: 0, maximum: 65535 }),
    /** PEM: the certificate, then those that lead to its root. */
    certificate_file: Reference,
    key_file: Reference,
    /** The oldest version of TLS that is spoken (default 1.3). */
    minimum_version: Type.Optional(oneOf(['1.2', '1.3'])),
  },
  closed,
)
export type TlsListen = Static<typeof TlsListen>

/** Origins of agents whose client id is the URL of a document of theirs; any other client id is only a name. */
export const AgentOrigins = Type.Object(
  { origins: Type.Array(Reference, { minItems: 1 }), ...reach },
  closed,
)
export type AgentOrigins = Static<typeof AgentOrigins>

/** Who cosigns the checkpoints of a tenant's log, and what it costs when they do not. */
export const WitnessConfig = Type.Object(
  {
    /** C2SP tlog-policy: `witness` lines with the URL of each, `group`, `quorum`. */
    policy_file: Reference,
    ...reach,
    /** Seconds for which a checkpoint may lack its quorum before that is told (default 600). */
    max_age_seconds: Type.Optional(Type.Integer({ minimum: 10, maximum: 86_400 })),
    /** Past that age, and while a witness disputes the log, every decision denies (default false). */
    deny_without_quorum: Type.Optional(Type.Boolean()),
  },
  closed,
)
export type WitnessConfig = Static<typeof WitnessConfig>

/** The keys that sign the tenant's decisions and checkpoints. */
export const Signing = Type.Object(
  {
    algorithm: SigningAlgorithm,
    /** How long a decision key may be used (default 365). */
    lifetime_days: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650 })),
    /** So many days before its end the service replaces it of itself (default 14); 0: never, a person does. */
    rotate_days: Type.Optional(Type.Integer({ minimum: 0, maximum: 365 })),
    /** One line that the key files are sealed with; without it they lie open. */
    passphrase_file: Type.Optional(Reference),
    /** A process of its own that has the private keys and signs with them; without it they lie in files. */
    signer: Type.Optional(Type.Object({ socket: Reference }, closed)),
  },
  closed,
)
export type Signing = Static<typeof Signing>

export const TenantConfig = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' }),
    /** The URI that proofs and credentials for this tenant name as their audience. */
    audience: Reference,
    /** Host names (SNI) by which gateways without a token choose this tenant at the TLS listener. */
    tls_names: Type.Optional(
      Type.Array(Type.String({ pattern: '^[a-z0-9-]+(?:\\.[a-z0-9-]+)*$', maxLength: 253 })),
    ),
    bundles: BundleConfig,
    issuers: Type.Array(Issuer, { minItems: 1 }),
    agent_documents: Type.Optional(AgentOrigins),
    trust_domains: Type.Array(TrustDomain, { minItems: 1 }),
    peps: Type.Array(PepRegistration, { minItems: 1 }),
    signing: Signing,
    /** Left out: it has none. */
    console: Type.Optional(ConsoleConfig),
    log: Type.Optional(
      Type.Object(
        {
          /** Whether anybody may read the published log (default: only with the scope `pdp.audit.read`). */
          public: Type.Optional(Type.Boolean()),
          witness: Type.Optional(WitnessConfig),
        },
        closed,
      ),
    ),
    /** Who is sent what the log says, as it comes. */
    deliveries: Type.Optional(Type.Array(DeliveryConfig, { maxItems: 32 })),
  },
  closed,
)
export type TenantConfig = Static<typeof TenantConfig>

export const ConfigFile = Type.Object(
  {
    public_url: Type.String({ pattern: '^https://[^/?#]+$' }),
    listen: Type.Object({ host: Name, port: Type.Integer({ minimum: 0, maximum: 65535 }) }, closed),
    tls: Type.Optional(TlsListen),
    data_directory: Reference,
    policy: Type.Optional(
      Type.Object(
        {
          workers: Type.Optional(Type.Integer({ minimum: 1, maximum: 16 })),
          evaluation_milliseconds: Type.Optional(Type.Integer({ minimum: 5, maximum: 10_000 })),
          memory_megabytes: Type.Optional(Type.Integer({ minimum: 4, maximum: 1024 })),
        },
        closed,
      ),
    ),
    tenants: Type.Array(TenantConfig, { minItems: 1 }),
  },
  closed,
)
export type ConfigFile = Static<typeof ConfigFile>
