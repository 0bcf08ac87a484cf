/**
 * A Client ID Metadata Document (draft-ietf-oauth-client-id-metadata-document), from bytes that somebody else wrote: it
 * names the very URL that it lies at, and has no secret.
 */
import { parseStrictJson } from '../../contract/strict-json.ts'
import { isObject } from '../../identity/parse-token.ts'
import type { KeySets } from '../../port/key-sets.ts'

const jsonLimits = { depth: 8, members: 2048 } as const
const algorithms = ['ES256', 'ES384', 'PS256', 'RS256', 'Ed25519'] as const
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const

/**
 * Thumbprints of its keys; null when it publishes none here. Keys elsewhere (`jwks_uri`) are not fetched.
 *
 * @throws Error that says what is wrong with it.
 */
export function readDocument(
  bytes: Uint8Array,
  clientId: string,
  keySets: Pick<KeySets, 'brought'>,
): ReadonlySet<string> | null {
  const document = parseStrictJson(bytes, jsonLimits)
  if (!isObject(document)) throw new Error('it is not an object')
  if (document['client_id'] !== clientId) throw new Error('its client_id is not its URL')
  if (document['client_secret'] !== undefined) throw new Error('it has a secret')
  const { jwks } = document
  if (jwks === undefined) return null
  if (document['jwks_uri'] !== undefined) throw new Error('it has both jwks and jwks_uri')
  if (!isObject(jwks) || !Array.isArray(jwks['keys']) || !jwks['keys'].every(isObject))
    throw new Error('its jwks is not a key set')
  return thumbprintsOf(jwks['keys'], keySets)
}

function thumbprintsOf(
  keys: readonly Readonly<Record<string, unknown>>[],
  keySets: Pick<KeySets, 'brought'>,
): ReadonlySet<string> {
  if (keys.some((key) => secretMembers.some((name) => Object.hasOwn(key, name))))
    throw new Error('its jwks has a secret')
  const usable = keys
    .filter(({ use = 'sig' }) => use === 'sig')
    .flatMap((key) => algorithms.map((alg) => keySets.brought(key, alg)?.thumbprint))
  return new Set(usable.filter((thumbprint) => thumbprint !== undefined))
}
