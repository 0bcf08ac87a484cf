/**
 * A security event token: RFC 8417, OpenID Shared Signals and CAEP 1.0. An issuer says that what it vouched for
 * no longer holds; it can only take away.
 */
import { revokingEvents } from '../contract/stop.ts'
import { limits } from '../contract/limits.ts'
import { isInstant, isText, readAudiences, refusedClaim } from './claim.ts'
import { isObject, type JsonMembers } from './parse-token.ts'
import { read, refuse, type Reading } from './reading.ts'
import { tokenProfiles } from './token-profile.ts'

export type SecurityEvent = {
  readonly iss: string
  readonly jti: string
  /** The last segment of the event's type URI. */
  readonly type: string
  /** It says that something got worse, or was taken away. */
  readonly takesAway: boolean
  readonly subject: { readonly iss: string; readonly sub: string }
  /** Seconds since the epoch: what was issued up to then is meant. */
  readonly at: number
  readonly audiences: readonly string[]
  readonly iat: number
}

const caep = 'https://schemas.openid.net/secevent/caep/event-type/'

/** One event, about one subject that we can name. */
export function readSecurityEvent(payload: JsonMembers): Reading<SecurityEvent> {
  const failure = refusedClaim(payload, tokenProfiles.security_event.refusedClaims)
  if (failure !== null) return refuse(failure)
  const { iss, jti, iat } = payload
  if (!isText(iss) || !isText(jti) || jti.length > 256 || !isInstant(iat))
    return refuse('bad_claim')
  const audiences = readAudiences(payload)
  if (!audiences.ok) return audiences
  const happened = readHappening(payload['events'], iat)
  if (!happened.ok) return happened
  const subject = subjectOf(payload['sub_id'], iss)
  if (subject === null) return refuse('bad_identifier')
  return read({ iss, jti, ...happened.value, subject, audiences: audiences.value, iat })
}

type Happening = Pick<SecurityEvent, 'type' | 'takesAway' | 'at'>

/** RFC 8417 section 2.2 allows several; OpenID Shared Signals 1.0 wants exactly one. */
function readHappening(events: unknown, saidAt: number): Reading<Happening> {
  const [first, ...more] = isObject(events) ? Object.entries(events) : []
  if (first === undefined || more.length > 0) return refuse('bad_claim')
  const [uri, event] = first
  if (!isObject(event) || !uri.startsWith(caep)) return refuse('bad_claim')
  const at = event['event_timestamp'] ?? saidAt
  if (!isInstant(at)) return refuse('bad_claim')
  const type = uri.slice(caep.length)
  return read({ type, takesAway: isLoss(type, event), at })
}

/** @param expected seconds since the epoch, and the audience URI of the tenant */
export function acceptSecurityEvent(
  event: SecurityEvent,
  expected: { readonly now: number; readonly audience: string },
): Reading<SecurityEvent> {
  const { now, audience } = expected
  const window = limits.securityEventSeconds
  if (event.iat < now - window) return refuse('expired')
  const ahead = now + limits.clockSkewSeconds
  if (event.iat > ahead || event.at > ahead) return refuse('not_yet_valid')
  return event.audiences.includes(audience) ? read(event) : refuse('audience')
}

/** CAEP 1.0, section 3: a level that rises, a risk that falls and a device that complies take nothing away. */
function isLoss(type: string, event: JsonMembers): boolean {
  if (!(revokingEvents as readonly string[]).includes(type)) return false
  return !(
    event['change_direction'] === 'increase' ||
    event['current_status'] === 'compliant' ||
    event['current_level'] === 'LOW'
  )
}

/**
 * RFC 9493: `iss_sub`, `opaque` of the transmitter's own, and the user of a `complex` subject: a session is part of
 * a user, and to take away more is safe. An e-mail address or a telephone number names nobody here.
 */
function subjectOf(subject: unknown, transmitter: string): SecurityEvent['subject'] | null {
  if (!isObject(subject)) return null
  const { format, iss, sub, id, user } = subject
  if (format === 'iss_sub' && isText(iss) && isText(sub)) return { iss, sub }
  if (format === 'opaque' && isText(id)) return { iss: transmitter, sub: id }
  if ((format === 'complex' || format === undefined) && isObject(user))
    return user['format'] === 'complex' || user['format'] === undefined
      ? null
      : subjectOf(user, transmitter)
  return null
}
