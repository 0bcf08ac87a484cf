/**
 * A passkey over one approval: its challenge is the digest of the approval, of what was shown of it and of the verdict, so that
 * what was signed for one stands for no other (Web Authentication Level 3). A browser shows a person nothing of it: the page does.
 */
import { randomBytes } from 'node:crypto'
import {
  generateAuthenticationOptions,
  verifyAuthenticationResponse,
  type AuthenticationResponseJSON,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server'
import type { Passkey } from '../../approval/passkeys.ts'
import { PdpError } from '../../contract/error-code.ts'
import type { PasskeyAssertion, PasskeyChallenge } from '../../contract/passkey.ts'
import { limits } from '../../contract/limits.ts'
import { parseStrictJson } from '../../contract/strict-json.ts'
import { digestOf } from '../../statement/digest.ts'
import { giveChallenge, takeChallenge } from './sessions.ts'
import type { Visit } from './visit.ts'

type Signed = {
  readonly id: string
  readonly shown: string
  readonly verdict: 'approve' | 'deny'
}

/** @throws PdpError `vote_refused` for whoever has none. */
export function askPasskey(
  { session, service, tenant, account }: Visit,
  { id, shown, verdict }: Signed,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const passkeys = tenant.audit.passkeys.of(account)
  if (passkeys.length === 0)
    throw new PdpError('vote_refused', 'You have no passkey: enrol one first.')
  const nonce = randomBytes(32).toString('base64url')
  const challenge = challengeOf({ approval_id: id, nonce, shown_digest: shown, verdict })
  giveChallenge(
    session,
    challenge.toString('base64url'),
    { id, shown, verdict, nonce },
    service.console.now(),
  )
  return generateAuthenticationOptions({
    rpID: rpIdOf(service.console.origin()),
    challenge: new Uint8Array(challenge),
    allowCredentials: passkeys.map(({ credential_id: credential }) => ({ id: credential })),
    userVerification: 'required',
    timeout: limits.challengeSeconds * 1000,
  })
}

/**
 * The signature as the log keeps it; null without one, which approves only for a person who has no passkey, where the tenant does
 * not require one. Whoever denies need not sign: a lost device must not stand in the way of a refusal.
 *
 * @param text what the browser gave, as JSON; empty without one
 * @throws PdpError `voter_unproven`
 */
export async function signedBy(
  visit: Visit,
  { id, shown, verdict }: Signed,
  text: string,
): Promise<PasskeyAssertion | null> {
  const { tenant, session, service, account } = visit
  const passkeys = tenant.audit.passkeys.of(account)
  const isRequired =
    verdict === 'approve' && (passkeys.length > 0 || tenant.console.passkeys === 'required')
  if (text === '' && !isRequired) return null
  const answer = readAnswer(text)
  const passkey = passkeys.find(({ credential_id: credential }) => credential === answer.id)
  if (passkey === undefined) throw unproven('It is a passkey that you have not enrolled.')
  const given = takeChallenge(session, challengeIn(answer), service.console.now())?.vote
  if (given?.id !== id || given.shown !== shown || given.verdict !== verdict)
    throw unproven(
      'It signs another approval, was used before, or took too long: load the page again.',
    )
  return await checked(visit, answer, passkey, {
    ...{ approval_id: id, nonce: given.nonce, shown_digest: shown, verdict },
  })
}

async function checked(
  { service, account }: Visit,
  answer: AuthenticationResponseJSON,
  passkey: Passkey,
  signed: PasskeyChallenge,
): Promise<PasskeyAssertion> {
  const expected = challengeOf(signed).toString('base64url')
  await verify(answer, passkey, expected, service.console.origin())
  const { authenticatorData, clientDataJSON, signature, userHandle } = answer.response
  if (userHandle !== undefined && userHandle !== handleOf(account))
    throw unproven('It is the passkey of another account.')
  return {
    ...{ credential_id: passkey.credential_id, nonce: signed.nonce, signature },
    ...{ authenticator_data: authenticatorData, client_data: clientDataJSON },
  }
}

async function verify(
  answer: AuthenticationResponseJSON,
  { credential_id: id, public_key: key, sign_count: counter }: Passkey,
  expectedChallenge: string,
  origin: string,
): Promise<void> {
  const verified = await verifyAuthenticationResponse({
    ...{ response: answer, expectedChallenge, requireUserVerification: true },
    ...{ expectedOrigin: origin, expectedRPID: rpIdOf(origin) },
    credential: { id, counter, publicKey: new Uint8Array(Buffer.from(key, 'base64url')) },
  }).catch((cause: unknown) => {
    throw unproven('Its signature does not hold.', cause)
  })
  if (!verified.verified) throw unproven('Its signature does not hold.')
}

/** The library looks at it only beside another member: a page that frames ours asks for nothing here. */
function challengeIn({ response }: AuthenticationResponseJSON): string {
  const client = parsed(Buffer.from(response.clientDataJSON, 'base64url'))
  if (client['crossOrigin'] === true) throw unproven('It was asked for by a page in a frame.')
  return String(client['challenge'])
}

function readAnswer(text: string): AuthenticationResponseJSON {
  if (text === '')
    throw unproven('Approve with your passkey: the browser must run the script of this page.')
  const answer = parsed(Buffer.from(text)) as Partial<AuthenticationResponseJSON>
  const { authenticatorData, clientDataJSON, signature } = answer.response ?? {}
  const isWhole = [answer.id, authenticatorData, clientDataJSON, signature].every(
    (part) => typeof part === 'string' && /^[A-Za-z0-9_-]{1,8192}$/u.test(part),
  )
  if (!isWhole) throw unproven('What the browser gave cannot be read.')
  return answer as AuthenticationResponseJSON
}

function parsed(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value = parseStrictJson(bytes, { depth: 8, members: 256 })
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch (cause) {
    throw unproven('What the browser gave cannot be read.', cause)
  }
  throw unproven('What the browser gave cannot be read.')
}

/** 32 bytes, which the log can make again from the vote alone. */
function challengeOf(challenge: PasskeyChallenge): Buffer {
  return Buffer.from(digestOf('passkey-challenge', challenge).slice('sha256:'.length), 'hex')
}

export function rpIdOf(origin: string): string {
  return new URL(origin).hostname
}

/** An account as an authenticator keeps it: its pseudonym, and nothing that names a person. */
export function handleOf(account: string): string {
  return Buffer.from(account.slice('hmac:'.length), 'hex').toString('base64url')
}

function unproven(why: string, cause?: unknown): PdpError {
  return new PdpError('voter_unproven', `The passkey does not count. ${why}`, { cause })
}
