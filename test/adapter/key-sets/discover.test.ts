/** Discovery of a configured issuer: of itself alone, and with its keys where they may lie. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { discoverKeySet, discoveryUrl } from '../../../service/adapter/key-sets/discover.ts'
import { startPlatform, type Platform } from '../../support/platform.ts'

let platform: Platform
let elsewhere: Platform
beforeAll(async () => {
  platform = await startPlatform('/openid/v1/jwks')
  elsewhere = await startPlatform('/openid/v1/jwks')
})
afterAll(async () => {
  await platform.stop()
  await elsewhere.stop()
})

const discover = (hosts: readonly string[] = [], internal = true) =>
  discoverKeySet({ issuer: platform.issuer, hosts, reach: { internal } })

describe('discovery', () => {
  it('finds the keys that the issuer names', async () => {
    platform.state({})
    const { bytes } = await discover()
    expect(JSON.parse(Buffer.from(bytes).toString())).toMatchObject({
      keys: [{ kid: platform.key.kid }],
    })
  })

  it('takes keys on another host only where that is configured', async () => {
    platform.state({ jwks_uri: `${elsewhere.issuer}/openid/v1/jwks` })
    const { host } = new URL(elsewhere.issuer)
    await expect(discover()).rejects.toThrow(`its jwks_uri is on ${host}`)
    expect(elsewhere.asked()).toEqual([])
    expect((await discover([host])).bytes.length).toBeGreaterThan(0)
  })

  it.each([
    ['of another issuer', { issuer: 'https://evil.example' }, /another issuer/],
    ['of an issuer with a slash more', { issuer: 'SLASH' }, /another issuer/],
    ['without keys', { jwks_uri: undefined }, /names no jwks_uri/],
    ['with keys that are no URL', { jwks_uri: '/jwks' }, /names no jwks_uri/],
    ['whose keys are not there', { jwks_uri: 'GONE' }, /answered 404/],
  ])('a document %s is refused', async (_name, changes, message) => {
    const filled = Object.entries(changes).map(([name, value]) => [
      name,
      value === 'SLASH'
        ? `${platform.issuer}/`
        : value === 'GONE'
          ? `${platform.issuer}/gone`
          : value,
    ])
    platform.state(Object.fromEntries(filled) as Record<string, unknown>)
    await expect(discover()).rejects.toThrow(message)
  })

  it('asks no private address unless the entry is marked', async () => {
    platform.state({})
    await expect(discover([], false)).rejects.toThrow('use https')
  })

  it.each([
    ['https://i.example', 'https://i.example/.well-known/openid-configuration'],
    ['https://i.example/', 'https://i.example/.well-known/openid-configuration'],
    ['https://i.example/t/1', 'https://i.example/t/1/.well-known/openid-configuration'],
  ])('of %s is at %s', (issuer, url) => {
    expect(discoveryUrl(issuer)).toBe(url)
  })
})
