// What, of the right type, may not stand in the claims of each kind of token.

const text = ['https://evil.example', 'x']
const instant = [0, 'soon', 1e300]
const common = { iss: [...text, 0], aud: [...text, 0, ['x']], exp: instant }
const texts = { iss: [...text, 0], sub: [...text, 0] }
const jti = [0, []]
const access = { ...common, ...texts, iat: instant, jti, client_id: [0, []] }
const possession = { jti, exp: instant, aud: common.aud }
const dpop = { jti, iat: instant, htm: ['GET', 'post'], htu: text, ath: text }

export const wrongClaims = {
  person: { ...access, groups: [0, 'x'] },
  gateway: { ...access, scope: [[], 'pdp.stop'] },
  svid: { sub: text, aud: common.aud, exp: instant },
  wit: { sub: [...text, 0], exp: instant, cnf: [{ jwk: {} }, 'x'] },
  grant: {
    ...{ ...common, jti, iat: instant, initiator: [[], { iss: 'x', sub: 'y' }] },
    ...{ purpose: [[], 'x'], capabilities: [[], 'x', ['crm/*']], data: [[], 'x'] },
  },
  wpt: { ...possession, wth: text },
  x5Proof: { ...possession, 'x5t#S256': text },
  dpop,
  platform: { ...common, ...texts, iat: instant, repository_owner_id: ['13'] },
  event: { iss: text, aud: text, jti, iat: instant, events: [[], 'x'], sub_id: [[], 'x'] },
  /** Bound to a key, or to a certificate. */
  bound: { cnf: [{ jkt: 'x' }, { kid: 'x' }, { 'x5t#S256': 'x' }] },
} as const

/** What may not stand there at all. */
export const forbiddenClaims = {
  wpt: { ath: text, tth: text, oth: [[], { x: 'y' }, 'x'] },
  dpop: { aud: text },
  platform: {
    event_name: ['pull_request', 'pull_request_target'],
    ...{ cnf: [{}], client_id: ['x'] },
  },
  event: { exp: [1], sub: ['x'], cnf: [{}] },
} as const
