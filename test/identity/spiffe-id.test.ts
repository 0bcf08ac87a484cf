/** SPIFFE IDs, by the tables of go-spiffe: every byte in the trust domain and in the path. */
import { describe, expect, it } from '@jest/globals'
import { isTrustDomain, parseSpiffeId, parseWorkloadId } from '../../service/identity/spiffe-id.ts'

const domainBytes = 'abcdefghijklmnopqrstuvwxyz0123456789.-_'
const pathBytes = `${domainBytes}ABCDEFGHIJKLMNOPQRSTUVWXYZ`
const everyByte = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code))

describe('the trust domain', () => {
  it.each(everyByte)('byte %j', (byte) => {
    expect(parseSpiffeId(`spiffe://trust${byte}domain/path`) !== null).toBe(
      domainBytes.includes(byte) || byte === '/',
    )
    expect(isTrustDomain(`td${byte}`)).toBe(domainBytes.includes(byte))
  })
  it('has 1 to 255 bytes', () => {
    expect(isTrustDomain('a'.repeat(255))).toBe(true)
    expect(isTrustDomain('a'.repeat(256))).toBe(false)
    expect(isTrustDomain('')).toBe(false)
  })
})

describe('the path', () => {
  it.each(everyByte)('byte %j', (byte) => {
    const id = `spiffe://td/path${byte}x`
    expect(parseSpiffeId(id)).toEqual(
      pathBytes.includes(byte) || byte === '/'
        ? { id, trustDomain: 'td', path: `/path${byte}x` }
        : null,
    )
  })
})

describe('what go-spiffe accepts', () => {
  it.each([
    ['spiffe://trustdomain', ''],
    ['spiffe://trustdomain/path', '/path'],
    ['spiffe://trustdomain/path1/path2', '/path1/path2'],
    ['spiffe://trustdomain/...', '/...'],
    ['spiffe://trustdomain/.x/..x/x./x..', '/.x/..x/x./x..'],
  ])('%s', (id, path) => {
    expect(parseSpiffeId(id)).toEqual({ id, trustDomain: 'trustdomain', path })
    expect(parseWorkloadId(id)?.path).toBe(path === '' ? undefined : path)
  })
})

describe('what must never be mended', () => {
  it.each([
    '',
    'spiffe:',
    'spiffe:/',
    'spiffe://',
    'spiffe:///path',
    'SPIFFE://td/a',
    'Spiffe://td/a',
    'sPiFfE://td/a',
    'https://td/a',
    'wimse://td/a',
    'spiffe://TD/a',
    'spiffe://td/',
    'spiffe://td//a',
    'spiffe://td/a/',
    'spiffe://td/a//b',
    'spiffe://td/.',
    'spiffe://td/..',
    'spiffe://td/./a',
    'spiffe://td/../a',
    'spiffe://td/a/.',
    'spiffe://td/a/..',
    'spiffe://td/a/../b',
    'spiffe://td:80/a',
    'spiffe://u@td/a',
    'spiffe://td/a?q',
    'spiffe://td/a#f',
    'spiffe://td/%61',
    'spiffe://t%64/a',
    'spiffe://t\td/a',
    'spiffe://td\\@evil/a',
    ' spiffe://td/a',
    'spiffe://td/a ',
    'spiffe://td/a\n',
    '\nspiffe://td/a',
    'spiffe://td/ä',
    'spiffe://tд/a',
    'xspiffe://td/a',
    `spiffe://td/${'a'.repeat(2048)}`,
  ])('%j', (id) => {
    expect(parseSpiffeId(id)).toBeNull()
    expect(parseWorkloadId(id)).toBeNull()
  })
  it('2048 bytes are the longest', () => {
    expect(parseSpiffeId(`spiffe://td/${'a'.repeat(2048 - 12)}`)).not.toBeNull()
    expect(parseSpiffeId(`spiffe://td/${'a'.repeat(2048 - 11)}`)).toBeNull()
  })
})
