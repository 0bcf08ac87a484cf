/** Where the people of one tenant sign in: an OpenID provider. */
import type { Digest } from '../contract/digest.ts'

/** What must come back with the answer; kept by us, and never sent to the browser but for what the URL holds of it. */
export type BegunSignIn = {
  readonly url: string
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  /** The person was to show again who she is. */
  readonly isFresh: boolean
}

/** Whom the provider says it is, by an ID token that verifies. */
export type SignedIn = {
  readonly iss: string
  readonly sub: string
  /** As the provider writes it, for people to read; it identifies nobody. */
  readonly name: string | null
  readonly groups: readonly string[]
  readonly acr: string | null
  /** Seconds since the epoch. */
  readonly authTime: number | null
  /** The session at the provider, which it may end by name. */
  readonly sid: string | null
  /** SHA-256 of the ID token. */
  readonly evidence: Digest
}

/** Whose sessions are over, by a logout token that verifies: one, or all of a person. */
export type SignedOut = {
  readonly iss: string
  readonly sub: string | null
  readonly sid: string | null
}

/**
 * Every call may ask the provider, within the bounds of `limits`.
 *
 * @throws PdpError `not_ready` when it cannot be asked; `unauthenticated` for an answer that does not hold.
 */
export interface SignIn {
  readonly clientId: string
  /** @param isFresh the person shows again who she is, whatever session the provider has of her */
  begin(redirectUri: string, isFresh: boolean): Promise<BegunSignIn>
  /** @param answer the whole URL that the browser came back with */
  finish(answer: URL, begun: BegunSignIn): Promise<SignedIn>
  /** Reads a logout token (OpenID Connect Back-Channel Logout 1.0, section 2.6). */
  signedOut(logoutToken: string): Promise<SignedOut>
  /** Where a person ends her session at the provider too; null when it has no such place. */
  endSessionUrl(): Promise<string | null>
}
