/**
 * Who is signed in: on the server alone. A browser holds a random name of its session, and we hold a hash of that name.
 *
 * In memory: a restart signs everybody out, and nothing that was signed is lost by it.
 */
import { randomBytes } from 'node:crypto'
import { limits } from '../../contract/limits.ts'
import type { SignedIn, SignedOut } from '../../port/sign-in.ts'
import { digestOfText } from '../../statement/digest.ts'

export type Session = {
  /** Audience of the tenant that it is of. */
  readonly tenant: string
  readonly person: SignedIn
  /** What every form of it carries. */
  readonly csrf: string
  /** Seconds since the epoch. */
  readonly startedAt: number
  /** What was asked of a passkey and not answered, by its challenge. */
  readonly challenges: Map<string, Challenge>
}

export type Challenge = {
  /** The approval and what was shown of it; null for an enrolment. */
  readonly vote: {
    readonly id: string
    readonly shown: string
    readonly verdict: 'approve' | 'deny'
    readonly nonce: string
  } | null
  /** Seconds since the epoch. */
  readonly until: number
}

export class Sessions {
  /** By the hash of the cookie; those that were last used stand last. */
  readonly #all = new Map<string, Session & { readonly seenAt: number }>()
  readonly #now: () => number

  /** @param now seconds since the epoch */
  constructor(now: () => number) {
    this.#now = now
  }

  /** A new session under a new name, whatever the browser had before. Gives the cookie's value. */
  start(tenant: string, person: SignedIn): string {
    const name = randomBytes(32).toString('base64url')
    const now = this.#now()
    this.#forget(now)
    this.#all.set(digestOfText(name), {
      ...{ tenant, person, csrf: randomBytes(32).toString('base64url') },
      ...{ startedAt: now, seenAt: now, challenges: new Map() },
    })
    return name
  }

  /** Null when it is unknown, was idle for too long, or is too old. */
  find(name: string): Session | null {
    const key = digestOfText(name)
    const session = this.#all.get(key)
    if (session === undefined) return null
    this.#all.delete(key)
    const now = this.#now()
    if (!stands(session, now)) return null
    const seen = { ...session, seenAt: now }
    this.#all.set(key, seen)
    return seen
  }

  end(name: string): void {
    this.#all.delete(digestOfText(name))
  }

  /** Ends what its provider says is over. */
  endAll(tenant: string, { iss, sub, sid }: SignedOut): void {
    for (const [key, { tenant: of, person }] of this.#all) {
      const isMeant =
        of === tenant &&
        person.iss === iss &&
        (sid === null ? person.sub === sub : person.sid === sid) &&
        (sub === null || person.sub === sub)
      if (isMeant) this.#all.delete(key)
    }
  }

  /** What is over, and of too many those that were unused for longest. */
  #forget(now: number): void {
    for (const [key, session] of this.#all) {
      if (stands(session, now) && this.#all.size < limits.consoleSessions) break
      this.#all.delete(key)
    }
  }
}

function stands(
  { seenAt, startedAt }: { readonly seenAt: number; readonly startedAt: number },
  now: number,
): boolean {
  return seenAt + limits.consoleIdleSeconds > now && startedAt + limits.consoleSessionSeconds > now
}

/** Takes a challenge away, so that nothing is answered twice; null when it was never given, or too long ago. */
export function takeChallenge(
  { challenges }: Session,
  challenge: string,
  now: number,
): Challenge | null {
  const given = challenges.get(challenge)
  challenges.delete(challenge)
  return given !== undefined && given.until > now ? given : null
}

/** A challenge is given for two minutes; those before it that nobody answered make room. */
export function giveChallenge(
  { challenges }: Session,
  challenge: string,
  vote: Challenge['vote'],
  now: number,
): void {
  for (const [old, { until }] of challenges)
    if (until <= now || challenges.size >= 8) challenges.delete(old)
  challenges.set(challenge, { vote, until: now + limits.challengeSeconds })
}
