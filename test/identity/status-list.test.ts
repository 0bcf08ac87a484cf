/** The bytes of a status list, by the examples of draft-ietf-oauth-status-list-21, and the claims that name one. */
import { inflateSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import {
  readStatusList,
  readStatusReference,
  statusAt,
} from '../../service/identity/status-list.ts'
import { moment } from './../support/issuer.ts'

const uri = 'https://status.example/1'
const listed = { sub: uri, iat: moment, status_list: { bits: 1, lst: 'eNrbuRgAAhcBXQ' } }

function statuses(bits: number, lst: string, count: number): (string | null)[] {
  const list = readStatusList({ ...listed, status_list: { bits, lst } }, uri)
  const bytes = inflateSync(list?.packed ?? new Uint8Array())
  return Array.from({ length: count }, (_, index) => statusAt(bytes, bits, index))
}

it('one bit a place, from the least significant', () => {
  const places = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]
  expect(statuses(1, 'eNrbuRgAAhcBXQ', 17)).toEqual([
    ...places.map((place) => (place === 1 ? 'revoked' : 'valid')),
    null,
  ])
})

it('two bits a place: 2 is suspended, 3 is whatever its issuer means, and counts no more', () => {
  const places = [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]
  const names = ['valid', 'revoked', 'suspended', 'revoked']
  expect(statuses(2, 'eNo76fITAAPfAgc', 12)).toEqual(places.map((place) => names[place]))
})

describe('a token without a status that can be looked up', () => {
  it.each([
    ['none', undefined, { ok: true, value: null }],
    ['of another mechanism', { other: {} }, { ok: false, failure: 'status_unavailable' }],
    ['no object', 'valid', { ok: false, failure: 'bad_claim' }],
    ['null', null, { ok: false, failure: 'bad_claim' }],
    ['a list that is none', { status_list: [] }, { ok: false, failure: 'bad_claim' }],
    ['no URI', { status_list: { idx: 0 } }, { ok: false, failure: 'bad_claim' }],
    [
      'a place before the first',
      { status_list: { uri, idx: -1 } },
      { ok: false, failure: 'bad_claim' },
    ],
    ['a place in words', { status_list: { uri, idx: '0' } }, { ok: false, failure: 'bad_claim' }],
    ['half a place', { status_list: { uri, idx: 0.5 } }, { ok: false, failure: 'bad_claim' }],
    ['a place', { status_list: { uri, idx: 7 } }, { ok: true, value: { uri, index: 7 } }],
  ])('%s', (_name, status, reading) => {
    expect(readStatusReference(status === undefined ? {} : { status })).toEqual(reading)
  })
})

describe('what is not a list for that URI', () => {
  it.each([
    ['another subject', { sub: `${uri}/` }],
    ['no time of issue', { iat: undefined }],
    ['a lifetime in words', { ttl: '300' }],
    ['an end in words', { exp: 'never' }],
    ['three bits', { status_list: { ...listed.status_list, bits: 3 } }],
    ['bits in words', { status_list: { ...listed.status_list, bits: '1' } }],
    ['padding', { status_list: { bits: 1, lst: 'eNrbuRgAAhcBXQ==' } }],
    ['no bytes', { status_list: { bits: 1 } }],
    ['no list', { status_list: undefined }],
  ])('%s', (_name, changes) => {
    expect(readStatusList(listed, uri)).not.toBeNull()
    expect(readStatusList({ ...listed, ...changes }, uri)).toBeNull()
  })
})
