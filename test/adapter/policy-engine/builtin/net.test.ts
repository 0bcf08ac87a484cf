import { expect, test } from '@jest/globals'
import { BuiltinLimit } from '../../../../service/adapter/policy-engine/rego-value.ts'
import { call } from './call.ts'

test.each(['0.0.0.0/0', '10.0.0.0/8', '::/0', '2001:db8::/64', '::ffff:0:0/96'])(
  'the addresses of %s are too many, and the evaluation is at fault',
  async (cidr) => {
    await expect(call('net.cidr_expand', `"${cidr}"`)).rejects.toThrow(BuiltinLimit)
  },
)

test.each([
  ['10.1.2.3/31', '{"10.1.2.2","10.1.2.3"}'],
  ['255.255.255.255/32', '{"255.255.255.255"}'],
  ['2001:db8::1/127', '{"2001:db8::","2001:db8::1"}'],
  ['::ffff:10.0.0.1/128', '{"10.0.0.1"}'],
])('%s has the addresses %s', async (cidr, addresses) => {
  expect(await call('net.cidr_expand', `"${cidr}"`)).toBe(addresses)
})

test.each([
  '10.0.0.0',
  '10.0.0.0/33',
  '10.0.0.0/-1',
  '10.0.0.0/',
  '10.0.0/8',
  '010.0.0.0/8',
  'fe80::1%eth0/64',
  '::/129',
  '1:2:3/16',
  ' ::/0',
])('%j is no network', async (cidr) => {
  expect(await call('net.cidr_is_valid', JSON.stringify(cidr))).toBe('false')
  expect(await call('net.cidr_expand', JSON.stringify(cidr))).toBe('undefined')
})

test.each([
  ['["0.0.0.0/1", "128.0.0.0/1"]', '{"0.0.0.0/0"}'],
  ['["10.0.0.0/24", "10.0.1.0/25"]', '{"10.0.0.0/24","10.0.1.0/25"}'],
  ['{"::/1", "8000::/1"}', '{"::/0"}'],
  ['["2001:db8::/33", "2001:db8:8000::/33", "10.0.0.0/8"]', '{"10.0.0.0/8","2001:db8::/32"}'],
  ['["10.1.2.3"]', '{"10.1.2.3/8"}'],
  ['[]', 'set()'],
  ['["::1"]', 'undefined'],
  ['[1]', 'undefined'],
])('%s merge to %s', async (networks, merged) => {
  expect(await call('net.cidr_merge', networks)).toBe(merged)
})

test.each([
  ['"10.0.0.0/8"', '"10.1.2.3"', '{["10.0.0.0/8","10.1.2.3"]}'],
  ['["10.0.0.0/8", "::/0"]', '{"a": "10.1.0.0/16"}', '{[0,"a"]}'],
  ['{["10.0.0.0/8", "office"]}', '["10.1.2.3", "11.1.2.3"]', '{[["10.0.0.0/8","office"],0]}'],
  ['["::ffff:0:0/96"]', '["1.2.3.4"]', '{[0,0]}'],
  ['[[]]', '["1.2.3.4"]', 'undefined'],
  ['["10.0.0.0/8"]', '["no address"]', 'undefined'],
])('of %s what holds %s is %s', async (networks, others, matches) => {
  expect(await call('net.cidr_contains_matches', networks, others)).toBe(matches)
})
