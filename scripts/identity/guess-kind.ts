// Which kind a token is meant as: by its type, and where several kinds share one, by whom it names and whom it is for.

import { refusedTyps, tokenProfiles, type TokenKind } from '../../service/identity/token-profile.ts'
import { takeApart, isObject, type JsonMembers } from '../../service/identity/parse-token.ts'
import {
  possessionProfiles,
  type PossessionKind,
} from '../../service/identity/possession-profile.ts'

/** A chain of certificates is no token, and is explained too. */
export type ExplainedKind = TokenKind | PossessionKind | 'x509_svid'

/** What it says of itself, unverified: enough to say what it is and what it lacks, and no more. */
export type Said = { readonly header: JsonMembers; readonly payload: JsonMembers }

export function saidBy(compact: string): Said | null {
  const parts = takeApart(compact)
  if (!parts.ok) return null
  try {
    const payload: unknown = JSON.parse(new TextDecoder().decode(parts.value.payload))
    return { header: parts.value.header, payload: isObject(payload) ? payload : {} }
  } catch {
    return { header: parts.value.header, payload: {} }
  }
}

/** Null: no kind of token that is evidence has this type. */
export function guessKind({ header, payload }: Said, audience: string): ExplainedKind | null {
  const typ = (header['typ'] ?? null) as string | null
  const proof = Object.entries(possessionProfiles).find(([, profile]) => profile.typ === typ)
  if (proof !== undefined) return proof[0] as ExplainedKind
  const kinds = Object.values(tokenProfiles).filter(({ typs }) => typs.includes(typ))
  const [first] = kinds
  if (kinds.length <= 1) return first?.kind ?? null
  const audiences: readonly unknown[] = [payload['aud']].flat()
  const { sub } = payload
  if (kinds.some(({ kind }) => kind === 'jwt_svid'))
    return typeof sub === 'string' && sub.startsWith('spiffe:') ? 'jwt_svid' : 'platform_token'
  return audiences.includes(audience) ? 'pep_token' : 'access_token'
}

export function isNeverEvidence({ header }: Said): boolean {
  return (refusedTyps as readonly unknown[]).includes(header['typ'])
}
