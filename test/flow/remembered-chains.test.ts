/** What is remembered of certificates: a path under the whole chain, tenant and key sets, while all of it stands. */
import { describe, expect, it } from '@jest/globals'
import { proveSvid } from '../../service/flow/prove-svid.ts'
import { readCertificate } from '../../service/adapter/key-sets/x509/read-certificate.ts'
import type { AuthoritiesResult, KeySets } from '../../service/port/key-sets.ts'
import { createRoot, valid } from '../support/certificates.ts'
import { moment } from '../support/issuer.ts'
import { noKeys } from '../support/no-keys.ts'

const now = valid(moment - 100, moment + 100)
const root = createRoot('root', now)
const middle = root.authority('middle', valid(moment - 100, moment + 50))
const id = 'spiffe://example.org/x'
const { chain } = middle.svid(id, now)
const trusted: AuthoritiesResult = { ok: true, authorities: [root.der] }

/** Counts the searches: each asks for the authorities. */
function counting() {
  const counted = { searches: 0, epoch: 1, authorities: trusted, during: (): void => undefined }
  const keySets: KeySets = {
    ...noKeys,
    certificate: readCertificate,
    epoch: () => counted.epoch,
    authorities: (tenant) => {
      counted.searches += 1
      counted.during()
      const theirs: AuthoritiesResult = { ok: false, failure: 'untrusted_domain' }
      return Promise.resolve(tenant === 'acme' ? counted.authorities : theirs)
    },
  }
  const prove = (given: readonly Uint8Array[] = chain, at = moment, tenant = 'acme') =>
    // A chain that comes in a message is other bytes each time.
    proveSvid(
      given.map((der) => Uint8Array.from(der)),
      tenant,
      keySets,
      at,
    )
  return { counted, prove }
}

describe('a path is remembered', () => {
  it('and found without a search, the same as before', async () => {
    const { counted, prove } = counting()
    const [first, second] = [await prove(), await prove()]
    expect(first).toMatchObject({ ok: true, value: { expiresAt: moment + 50 } })
    expect(second).toEqual(first)
    expect(counted.searches).toBe(1)
  })

  it.each([
    ['after its first certificate has ended', moment + 51, 'expired'],
    ['before it is valid', moment - 101, 'not_yet_valid'],
  ])('but not %s', async (_when, at, failure) => {
    const { prove } = counting()
    await prove()
    expect(await prove(chain, at)).toEqual({ ok: false, failure })
  })

  it('of nobody else: with any bit that differs it is another', async () => {
    const { prove } = counting()
    await prove()
    for (const [place, der] of chain.entries())
      for (let at = 0; at < der.length; at += 7) {
        const changed = Buffer.from(der)
        changed[at] = (changed[at] ?? 0) ^ 1
        expect((await prove(chain.with(place, changed))).ok).toBe(false)
      }
    expect((await prove(chain.slice(0, 1))).ok).toBe(false)
    expect((await prove(chain.toReversed())).ok).toBe(false)
  })

  it('for the tenant alone that trusts its authority', async () => {
    const { prove } = counting()
    await prove()
    expect(await prove(chain, moment, 'beta')).toEqual({ ok: false, failure: 'untrusted_domain' })
  })

  it('until a key set of the tenant changes', async () => {
    const { counted, prove } = counting()
    await prove()
    counted.authorities = { ok: true, authorities: [] }
    counted.epoch += 1
    expect(await prove()).toEqual({ ok: false, failure: 'untrusted_domain_key' })
  })

  it('by nobody when it changes during the search', async () => {
    const { counted, prove } = counting()
    counted.during = () => {
      counted.epoch += 1
    }
    await prove()
    counted.during = () => undefined
    counted.authorities = { ok: true, authorities: [] }
    expect(await prove()).toEqual({ ok: false, failure: 'untrusted_domain_key' })
  })
})

it('a refusal is not remembered', async () => {
  const { counted, prove } = counting()
  counted.authorities = { ok: false, failure: 'keys_unavailable' }
  expect(await prove()).toEqual({ ok: false, failure: 'keys_unavailable' })
  counted.authorities = trusted
  expect(await prove()).toMatchObject({ ok: true })
})
