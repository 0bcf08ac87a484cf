/** The kinds of token as the pipeline runs them: profile, what a payload says, whether it stands now. */
import type { AttestedPurpose } from '../contract/attested-purpose.ts'
import type { VerifiedInitiator, VerifiedServer } from '../contract/policy-input.ts'
import {
  acceptAccessToken,
  readAccessToken,
  type InitiatorClaims,
  type InitiatorExpectations,
} from '../identity/access-token.ts'
import {
  acceptJwtSvid,
  readJwtSvid,
  type SvidClaims,
  type SvidExpectations,
} from '../identity/jwt-svid.ts'
import type { JsonMembers } from '../identity/parse-token.ts'
import {
  acceptPepToken,
  readPepToken,
  type PepClaims,
  type PepExpectations,
  type VerifiedPep,
} from '../identity/pep-token.ts'
import type { Reading } from '../identity/reading.ts'
import { tokenProfiles, type TokenKind, type TokenProfile } from '../identity/token-profile.ts'
import {
  acceptPlatformToken,
  readPlatformToken,
  type PlatformExpectations,
  type PlatformTokenClaims,
  type PlatformWorkload,
} from '../identity/platform-token.ts'
import {
  acceptSecurityEvent,
  readSecurityEvent,
  type SecurityEvent,
} from '../identity/security-event.ts'
import { acceptWit, readWit, type BoundWorkload, type WitClaims } from '../identity/wit.ts'
import {
  acceptPurposeGrant,
  readPurposeGrant,
  type GrantClaims,
  type GrantExpectations,
} from '../purpose/grant.ts'

type Kinds = {
  access_token: {
    claims: InitiatorClaims
    expected: InitiatorExpectations
    facts: VerifiedInitiator
  }
  pep_token: { claims: PepClaims; expected: PepExpectations; facts: VerifiedPep }
  jwt_svid: { claims: SvidClaims; expected: SvidExpectations; facts: VerifiedServer }
  wit: { claims: WitClaims; expected: { readonly now: number }; facts: BoundWorkload }
  platform_token: {
    claims: PlatformTokenClaims
    expected: PlatformExpectations
    facts: PlatformWorkload
  }
  security_event: {
    claims: SecurityEvent
    expected: { readonly now: number; readonly audience: string }
    facts: SecurityEvent
  }
  purpose_grant: { claims: GrantClaims; expected: GrantExpectations; facts: AttestedPurpose }
}

export type ClaimsOf<K extends TokenKind> = Kinds[K]['claims']
export type ExpectationsOf<K extends TokenKind> = Kinds[K]['expected']
export type FactsOf<K extends TokenKind> = Kinds[K]['facts']

export type KindRow<K extends TokenKind> = {
  readonly profile: TokenProfile
  /** What a signed payload says; depends on nothing else, so it may be kept. */
  readonly read: (payload: JsonMembers) => Reading<ClaimsOf<K>>
  /** Whether it stands for this question, now; never kept. */
  readonly accept: (claims: ClaimsOf<K>, expected: ExpectationsOf<K>) => Reading<FactsOf<K>>
}

export const tokenKinds: { readonly [K in TokenKind]: KindRow<K> } = {
  access_token: {
    profile: tokenProfiles.access_token,
    read: readAccessToken,
    accept: acceptAccessToken,
  },
  pep_token: { profile: tokenProfiles.pep_token, read: readPepToken, accept: acceptPepToken },
  jwt_svid: { profile: tokenProfiles.jwt_svid, read: readJwtSvid, accept: acceptJwtSvid },
  wit: { profile: tokenProfiles.wit, read: readWit, accept: acceptWit },
  platform_token: {
    profile: tokenProfiles.platform_token,
    read: readPlatformToken,
    accept: acceptPlatformToken,
  },
  security_event: {
    profile: tokenProfiles.security_event,
    read: readSecurityEvent,
    accept: acceptSecurityEvent,
  },
  purpose_grant: {
    profile: tokenProfiles.purpose_grant,
    read: readPurposeGrant,
    accept: acceptPurposeGrant,
  },
}
