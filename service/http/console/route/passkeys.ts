/** A person's passkeys: what is enrolled and removed is in the log, and asks that she has just signed in. */
import {
  generateRegistrationOptions,
  verifyRegistrationResponse,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server'
import { PdpError } from '../../../contract/error-code.ts'
import { limits } from '../../../contract/limits.ts'
import type { PasskeyEnrolment } from '../../../contract/passkey.ts'
import { recordPasskey } from '../../../flow/record-passkey.ts'
import { html, json, redirect, type Answer } from '../answer.ts'
import { passkeysPage } from '../page/passkeys-page.ts'
import { handleOf, rpIdOf } from '../passkey-vote.ts'
import { giveChallenge, takeChallenge } from '../sessions.ts'
import type { ConsoleRoute, Visit } from '../visit.ts'

/** ES256 and RS256: what every platform makes, and what an auditor's program checks. */
const algorithms = [-7, -257]

function show(visit: Visit): Promise<Answer> {
  const passkeys = visit.tenant.audit.passkeys.of(visit.account)
  return Promise.resolve(html(passkeysPage(visit, { passkeys, isFresh: isFresh(visit) })))
}

/** Who finds a session open does not make a key of it. */
function isFresh({ session, service }: Visit): boolean {
  const { authTime } = session.person
  return authTime !== null && authTime + limits.freshSignInSeconds > service.console.now()
}

function demandFresh(visit: Visit): void {
  if (!isFresh(visit))
    throw new PdpError(
      'voter_unproven',
      'Sign in again first: passkeys change only just after that.',
    )
}

async function options(visit: Visit): Promise<Answer> {
  demandFresh(visit)
  const { account, tenant, session, service } = visit
  const known = tenant.audit.passkeys.of(account)
  if (known.length >= limits.passkeysPerAccount)
    throw new PdpError(
      'vote_refused',
      'You have as many passkeys as one may have: remove one first.',
    )
  const { name, sub } = session.person
  const made = await generateRegistrationOptions({
    ...{ rpName: 'Countersign', rpID: rpIdOf(service.console.origin()) },
    ...{ userName: sub, userDisplayName: name ?? sub, attestationType: 'none' },
    userID: new Uint8Array(Buffer.from(handleOf(account), 'base64url')),
    excludeCredentials: known.map(({ credential_id: id }) => ({ id })),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
    ...{ supportedAlgorithmIDs: algorithms, timeout: limits.challengeSeconds * 1000 },
  })
  giveChallenge(session, made.challenge, null, service.console.now())
  return json(made)
}

async function enrol(visit: Visit, form: URLSearchParams): Promise<Answer> {
  demandFresh(visit)
  const enrolment = await enrolmentIn(visit, form.get('credential') ?? '')
  if (visit.tenant.audit.passkeys.find(enrolment.credential_id) !== null)
    throw new PdpError('vote_refused', 'This passkey is enrolled already.')
  await recordPasskey('passkey_enrolled', enrolment, visit.session.person, visit.tenant)
  return redirect('/console/passkeys')
}

/** @throws PdpError `voter_unproven` */
async function enrolmentIn(visit: Visit, text: string): Promise<PasskeyEnrolment> {
  const { account, session, service } = visit
  const origin = service.console.origin()
  try {
    const { registrationInfo } = await verifyRegistrationResponse({
      response: JSON.parse(text) as RegistrationResponseJSON,
      expectedChallenge: (challenge) => {
        const given = takeChallenge(session, challenge, service.console.now())
        return given !== null && given.vote === null
      },
      ...{ expectedOrigin: origin, expectedRPID: rpIdOf(origin) },
      ...{ requireUserVerification: true, supportedAlgorithmIDs: algorithms },
    })
    if (registrationInfo === undefined) throw new Error('it does not verify')
    const { credential, credentialDeviceType: device } = registrationInfo
    return {
      ...{ account, credential_id: credential.id, sign_count: credential.counter, device, origin },
      public_key: Buffer.from(credential.publicKey).toString('base64url'),
      rp_id: rpIdOf(origin),
    }
  } catch (cause) {
    throw new PdpError('voter_unproven', 'The new passkey does not verify: try again.', { cause })
  }
}

async function remove(visit: Visit, form: URLSearchParams): Promise<Answer> {
  demandFresh(visit)
  const { account, tenant, session } = visit
  const id = form.get('credential_id') ?? ''
  if (!tenant.audit.passkeys.of(account).some(({ credential_id: known }) => known === id))
    throw new PdpError('not_found', 'You have no such passkey.')
  await recordPasskey('passkey_removed', { account, credential_id: id }, session.person, tenant)
  return redirect('/console/passkeys')
}

export const passkeyRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: '/console/passkeys', signedIn: show },
  { method: 'post', path: '/console/passkeys/options', posted: options },
  { method: 'post', path: '/console/passkeys', posted: enrol },
  { method: 'post', path: '/console/passkeys/remove', posted: remove },
]
