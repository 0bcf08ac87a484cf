/** Whoever has the leaves alone checks what was signed by passkey, and finds out whatever was changed. */
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { LogFault } from '../../../scripts/log/log-fault.ts'
import { PasskeySignatures } from '../../../scripts/log/verify/passkey-signatures.ts'
import type { Leaf } from '../../../service/contract/leaf.ts'
import { digestOf, digestOfText } from '../../../service/statement/digest.ts'

const account = `hmac:${'a'.repeat(64)}`
const origin = 'https://pdp.example'
const shown = digestOfText('shown')
const sha256 = (bytes: string | Buffer): Buffer => createHash('sha256').update(bytes).digest()

type Authenticator = { readonly privateKey: KeyObject; readonly cose: Buffer }

function es256(): Authenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const hex = (part: string): string => Buffer.from(part, 'base64url').toString('hex')
  return { privateKey, cose: Buffer.from(`a5010203262001215820${hex(x)}225820${hex(y)}`, 'hex') }
}

function rs256(): Authenticator {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const { n = '' } = publicKey.export({ format: 'jwk' })
  const modulus = Buffer.from(n, 'base64url').toString('hex')
  return { privateKey, cose: Buffer.from(`a401030339010020590100${modulus}2143010001`, 'hex') }
}

/** What the authenticator and the browser are made to say. */
type Said = {
  readonly flags?: number
  readonly host?: string
  readonly client?: object
  readonly of?: object
}

function signed(
  by: Authenticator,
  { flags = 5, host = 'pdp.example', client = {}, of = {} }: Said = {},
) {
  const nonce = 'bm9uY2U'
  const challenge = Buffer.from(
    digestOf('passkey-challenge', {
      ...{ approval_id: 'apr_1', nonce, shown_digest: shown, verdict: 'approve', ...of },
    }).slice(7),
    'hex',
  ).toString('base64url')
  const data = Buffer.concat([sha256(host), Buffer.from([flags, 0, 0, 0, 0])])
  const browser = Buffer.from(
    JSON.stringify({ type: 'webauthn.get', challenge, origin, ...client }),
  )
  const signature = sign('sha256', Buffer.concat([data, sha256(browser)]), by.privateKey)
  return {
    ...{ credential_id: 'cred', nonce, signature: signature.toString('base64url') },
    authenticator_data: data.toString('base64url'),
    client_data: browser.toString('base64url'),
  }
}

const enrolment = (by: Authenticator, changed: object = {}) => ({
  kind: 'passkey_enrolled',
  event: {
    ...{ account, credential_id: 'cred', public_key: by.cose.toString('base64url') },
    ...{ sign_count: 0, rp_id: 'pdp.example', origin, device: 'singleDevice', ...changed },
  },
})
const removal = (of = account) => ({
  kind: 'passkey_removed',
  event: { account: of, credential_id: 'cred' },
})
const vote = (passkey: object | undefined, changed: object = {}) => ({
  kind: 'approval_vote',
  event: {
    ...{ approval_id: 'apr_1', verdict: 'approve', voter: account, shown_digest: shown },
    ...{ assurance: 'passkey', ...(passkey === undefined ? {} : { passkey }), ...changed },
  },
})

/** The place of the first leaf that is found fault with; null: none is. */
function faultAt(leaves: readonly object[]): number | null {
  const signatures = new PasskeySignatures()
  for (const [index, leaf] of leaves.entries()) {
    try {
      signatures.check({ ...leaf, index } as unknown as Leaf)
    } catch (error) {
      if (error instanceof LogFault) return index
      throw error
    }
  }
  return null
}

const key = es256()

describe('a vote by passkey', () => {
  it.each<[string, Authenticator]>([
    ['ES256', key],
    ['RS256', rs256()],
  ])('is taken with its signature by %s', (_name, by) => {
    expect(faultAt([enrolment(by), vote(signed(by)), removal()])).toBeNull()
    expect(faultAt([vote(undefined, { assurance: 'signed_in' })])).toBeNull()
  })

  it.each<[string, readonly object[]]>([
    ['without an enrolment', [vote(signed(key))]],
    ['after its removal', [enrolment(key), removal(), vote(signed(key))]],
    ['of another account', [enrolment(key, { account: 'hmac:b' }), vote(signed(key))]],
    ['by another key', [enrolment(es256()), vote(signed(key))]],
    ['without a signature', [enrolment(key), vote(undefined)]],
    ['that says it is another', [enrolment(key), vote(signed(key), { assurance: 'signed_in' })]],
    ['for another approval', [enrolment(key), vote(signed(key), { approval_id: 'apr_2' })]],
    [
      'on what was not shown',
      [enrolment(key), vote(signed(key), { shown_digest: digestOfText('x') })],
    ],
    ['with another verdict', [enrolment(key), vote(signed(key), { verdict: 'deny' })]],
    ['of a person who was not verified', [enrolment(key), vote(signed(key, { flags: 1 }))]],
    ['of nobody who was present', [enrolment(key), vote(signed(key, { flags: 4 }))]],
    ['for another host', [enrolment(key), vote(signed(key, { host: 'evil.example' }))]],
    [
      'at another origin',
      [enrolment(key), vote(signed(key, { client: { origin: 'https://evil' } }))],
    ],
    ['in a frame', [enrolment(key), vote(signed(key, { client: { crossOrigin: true } }))]],
    [
      'that was an enrolment',
      [enrolment(key), vote(signed(key, { client: { type: 'webauthn.create' } }))],
    ],
    ['that no browser wrote', [enrolment(key), vote({ ...signed(key), client_data: 'AA' })]],
    [
      'with a byte of its data changed',
      [
        enrolment(key),
        vote({
          ...signed(key),
          authenticator_data: `${signed(key).authenticator_data.slice(0, -2)}BA`,
        }),
      ],
    ],
  ])('is not taken %s', (_how, leaves) => {
    expect(faultAt(leaves)).toBe(leaves.length - 1)
  })

  it('comes by a key that is enrolled once, removed by whose it is, and can be read', () => {
    expect(faultAt([enrolment(key), enrolment(key)])).toBe(1)
    expect(faultAt([enrolment(key), removal('hmac:b')])).toBe(1)
    expect(faultAt([enrolment(key, { public_key: 'AAAA' })])).toBe(0)
  })
})
