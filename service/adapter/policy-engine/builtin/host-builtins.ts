/**
 * Every builtin that the host supplies, by family; the rest is native to the module.
 *
 * A family is loaded only for a policy that calls one of its builtins: their libraries would slow the start of
 * every worker.
 */
import type { Builtins } from '../rego-value.ts'

export type Family = { readonly names: readonly string[]; readonly load: () => Promise<Builtins> }

/** Sorted by their first names. */
export const families: readonly Family[] = [
  {
    names: ['base64url.encode_no_pad', 'hex.decode', 'hex.encode'],
    load: async () => (await import('./byte-text.ts')).byteTextBuiltins,
  },
  {
    names: ['cast_array', 'cast_boolean', 'cast_null', 'cast_object', 'cast_set', 'cast_string'],
    load: async () => (await import('./cast.ts')).castBuiltins,
  },
  {
    names: [
      'crypto.hmac.equal',
      'crypto.hmac.md5',
      'crypto.hmac.sha1',
      'crypto.hmac.sha256',
      'crypto.hmac.sha512',
      'crypto.md5',
      'crypto.sha1',
      'crypto.sha256',
    ],
    load: async () => (await import('./digest.ts')).digestBuiltins,
  },
  {
    names: [
      'crypto.parse_private_keys',
      'crypto.x509.parse_and_verify_certificates',
      'crypto.x509.parse_and_verify_certificates_with_options',
      'crypto.x509.parse_certificate_request',
      'crypto.x509.parse_certificates',
      'crypto.x509.parse_keypair',
      'crypto.x509.parse_rsa_private_key',
    ],
    load: async () => (await import('./x509/x509-builtins.ts')).x509Builtins,
  },
  {
    names: ['glob.quote_meta'],
    load: async () => (await import('./glob.ts')).globBuiltins,
  },
  {
    names: ['graph.reachable_paths'],
    load: async () => (await import('./graph.ts')).graphBuiltins,
  },
  {
    names: [
      'graphql.is_valid',
      'graphql.parse',
      'graphql.parse_and_verify',
      'graphql.parse_query',
      'graphql.parse_schema',
      'graphql.schema_is_valid',
    ],
    load: async () => (await import('./graphql/graphql.ts')).graphqlBuiltins,
  },
  {
    names: [
      'io.jwt.decode',
      'io.jwt.decode_verify',
      'io.jwt.encode_sign',
      'io.jwt.encode_sign_raw',
      'io.jwt.verify_eddsa',
      'io.jwt.verify_es256',
      'io.jwt.verify_es384',
      'io.jwt.verify_es512',
      'io.jwt.verify_hs256',
      'io.jwt.verify_hs384',
      'io.jwt.verify_hs512',
      'io.jwt.verify_ps256',
      'io.jwt.verify_ps384',
      'io.jwt.verify_ps512',
      'io.jwt.verify_rs256',
      'io.jwt.verify_rs384',
      'io.jwt.verify_rs512',
    ],
    load: async () => (await import('./jwt/jwt-builtins.ts')).jwtBuiltins,
  },
  {
    names: [
      'indexof_n',
      'strings.any_prefix_match',
      'strings.any_suffix_match',
      'strings.count',
      'strings.split_n',
    ],
    load: async () => (await import('./strings.ts')).stringBuiltins,
  },
  {
    names: ['json.marshal_with_options'],
    load: async () => (await import('./json-text.ts')).jsonTextBuiltins,
  },
  {
    names: ['json.match_schema', 'json.verify_schema'],
    load: async () => (await import('./json-schema.ts')).jsonSchemaBuiltins,
  },
  {
    names: ['json.patch'],
    load: async () => (await import('./json-patch.ts')).jsonPatchBuiltins,
  },
  {
    names: ['net.cidr_contains_matches', 'net.cidr_expand', 'net.cidr_is_valid', 'net.cidr_merge'],
    load: async () => (await import('./net.ts')).netBuiltins,
  },
  {
    names: ['numbers.range_step'],
    load: async () => (await import('./numbers.ts')).numbersBuiltins,
  },
  {
    names: ['object.subset'],
    load: async () => (await import('./object.ts')).objectBuiltins,
  },
  {
    names: ['providers.aws.sign_req'],
    load: async () => (await import('./aws/aws-builtins.ts')).awsBuiltins,
  },
  {
    names: ['rand.intn', 'uuid.rfc4122'],
    load: async () => (await import('./drawn.ts')).drawnBuiltins,
  },
  {
    names: [
      're_match',
      'regex.find_n',
      'regex.globs_match',
      'regex.replace',
      'regex.split',
      'regex.template_match',
    ],
    load: async () => (await import('./regex.ts')).regexBuiltins,
  },
  {
    names: ['semver.compare', 'semver.is_valid'],
    load: async () => (await import('./semver.ts')).semverBuiltins,
  },
  {
    names: ['sprintf'],
    load: async () => (await import('./sprintf.ts')).sprintfBuiltins,
  },
  {
    names: [
      'time.add_date',
      'time.clock',
      'time.date',
      'time.diff',
      'time.format',
      'time.now_ns',
      'time.parse_duration_ns',
      'time.parse_ns',
      'time.parse_rfc3339_ns',
      'time.weekday',
    ],
    load: async () => (await import('./time/time-builtins.ts')).timeBuiltins,
  },
  {
    names: ['units.parse', 'units.parse_bytes'],
    load: async () => (await import('./units.ts')).unitBuiltins,
  },
  {
    names: ['uri.is_valid', 'uri.parse'],
    load: async () => (await import('./uri.ts')).uriBuiltins,
  },
  {
    names: [
      'urlquery.decode',
      'urlquery.decode_object',
      'urlquery.encode',
      'urlquery.encode_object',
    ],
    load: async () => (await import('./url-query.ts')).urlQueryBuiltins,
  },
  {
    names: ['uuid.parse'],
    load: async () => (await import('./uuid.ts')).uuidBuiltins,
  },
  {
    names: ['yaml.is_valid', 'yaml.marshal', 'yaml.unmarshal'],
    load: async () => (await import('./yaml.ts')).yamlBuiltins,
  },
]

/** The names of all of them. */
export const hostBuiltinNames: ReadonlySet<string> = new Set(families.flatMap(({ names }) => names))

/** @param names of builtins; what the host does not have is not in the result. */
export async function loadHostBuiltins(names: readonly string[]): Promise<Builtins> {
  const needed = families.filter((family) => family.names.some((name) => names.includes(name)))
  const loaded = await Promise.all(needed.map(({ load }) => load()))
  return Object.assign({}, ...loaded) as Builtins
}
