/** Whether a decision answers that gateway: a client id is a name at its issuer, and nowhere else. */
import type { DecisionLeaf } from '../contract/leaf.ts'

export type Asker = { readonly id: string; readonly issuer: string }

/** @param issuer null or undefined in a log of an earlier version: then the id alone says whose it is */
export function isClient(id: string, issuer: string | null | undefined, asker: Asker): boolean {
  return id === asker.id && (issuer ?? asker.issuer) === asker.issuer
}

export function isAskedBy(
  { aud, aud_iss: issuer }: Pick<DecisionLeaf, 'aud' | 'aud_iss'>,
  asker: Asker,
): boolean {
  return isClient(aud, issuer, asker)
}
