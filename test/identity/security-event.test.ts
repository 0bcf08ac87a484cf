/** Security events: one event about one subject that we can name; what cannot be understood takes nothing away. */
import { describe, expect, it } from '@jest/globals'
import { acceptSecurityEvent, readSecurityEvent } from '../../service/identity/security-event.ts'
import { eventClaims, idp, moment, tenantAudience } from '../support/issuer.ts'

const of = (type: string, event: object = {}) => ({
  events: { [`https://schemas.openid.net/secevent/caep/event-type/${type}`]: event },
})
const reading = (changes: object) => readSecurityEvent({ ...eventClaims, ...changes })

describe('an event', () => {
  it.each([
    ['session-revoked', {}, true],
    ['credential-change', { change_type: 'revoke' }, true],
    ['token-claims-change', { claims: {} }, true],
    ['assurance-level-change', { change_direction: 'decrease' }, true],
    ['assurance-level-change', { change_direction: 'increase' }, false],
    ['device-compliance-change', { current_status: 'not-compliant' }, true],
    ['device-compliance-change', { current_status: 'compliant' }, false],
    ['risk-level-change', { current_level: 'HIGH' }, true],
    ['risk-level-change', { current_level: 'LOW' }, false],
    ['session-established', {}, false],
    ['session-presented', {}, false],
    ['something-new', {}, false],
  ])('%s %j takes away: %s', (type, event, takesAway) => {
    expect(reading(of(type, event))).toMatchObject({ ok: true, value: { type, takesAway } })
  })

  it('is of the time that it says, else of when it was said', () => {
    expect(reading(of('session-revoked', { event_timestamp: 7 }))).toMatchObject({
      value: { at: 7 },
    })
    expect(reading(of('session-revoked'))).toMatchObject({ value: { at: moment } })
  })

  it.each([
    ['iss_sub', { format: 'iss_sub', iss: 'i', sub: 's' }, { iss: 'i', sub: 's' }],
    ['opaque', { format: 'opaque', id: 's' }, { iss: eventClaims.iss, sub: 's' }],
    [
      'the user of a complex one',
      { format: 'complex', user: { format: 'iss_sub', iss: idp, sub: 's' }, session: { id: 'x' } },
      { iss: idp, sub: 's' },
    ],
  ])('names its subject by %s', (_name, subject, expected) => {
    expect(reading({ sub_id: subject })).toMatchObject({ ok: true, value: { subject: expected } })
  })

  it.each([
    ['no subject', { sub_id: undefined }, 'bad_identifier'],
    ['an e-mail address', { sub_id: { format: 'email', email: 'a@b' } }, 'bad_identifier'],
    ['a text', { sub_id: 'alice' }, 'bad_identifier'],
    [
      'a complex one in a complex one',
      { sub_id: { format: 'complex', user: { format: 'complex', user: {} } } },
      'bad_identifier',
    ],
    ['no user', { sub_id: { format: 'complex', session: {} } }, 'bad_identifier'],
    [
      'two events',
      { events: { ...of('session-revoked').events, ...of('credential-change').events } },
      'bad_claim',
    ],
    ['no event', { events: {} }, 'bad_claim'],
    ['events as a list', { events: [] }, 'bad_claim'],
    ['an event of another kind', { events: { 'https://example.org/event': {} } }, 'bad_claim'],
    ['a time as text', of('session-revoked', { event_timestamp: 'now' }), 'bad_claim'],
    ['no jti', { jti: undefined }, 'bad_claim'],
    ['no iat', { iat: undefined }, 'bad_claim'],
    ['a subject of an access token', { sub: 'alice' }, 'wrong_type'],
    ['an end', { exp: moment + 60 }, 'wrong_type'],
  ])('with %s is refused', (_name, changes, failure) => {
    expect(reading(changes)).toEqual({ ok: false, failure })
  })

  it.each([
    ['yesterday', moment - 24 * 3600 - 1, moment, 'expired'],
    ['tomorrow', moment + 31, moment, 'not_yet_valid'],
    ['about tomorrow', moment, moment + 31, 'not_yet_valid'],
  ])('said %s is refused', (_name, iat, at, failure) => {
    const event = reading({ iat, ...of('session-revoked', { event_timestamp: at }) })
    if (!event.ok) throw new Error(event.failure)
    const expected = { now: moment, audience: tenantAudience }
    expect(acceptSecurityEvent(event.value, expected)).toEqual({ ok: false, failure })
  })
})
