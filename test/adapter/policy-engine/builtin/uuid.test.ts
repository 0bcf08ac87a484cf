import { expect, test } from '@jest/globals'
import { call } from './call.ts'

test.each([
  // RFC 9562 appendix A.1.
  [
    '"C232AB00-9414-11EC-B3C8-9F6BDECED846"',
    '{"clocksequence":13256,"macvariables":"local:multicast","nodeid":"9f-6b-de-ce-d8-46","time":1645557742000000000,"variant":"RFC4122","version":1}',
  ],
  ['"00000000-0000-0000-0000-000000000000"', '{"variant":"Reserved","version":0}'],
  ['"ffffffff-ffff-ffff-ffff-ffffffffffff"', '{"variant":"Future","version":15}'],
  ['"00000000-0000-4000-c000-000000000000"', '{"variant":"Microsoft","version":4}'],
])('uuid.parse(%s) is %s', async (text, result) => {
  expect(await call('uuid.parse', text)).toBe(result)
})

test.each([
  '""',
  '1',
  '"00000000000040008000000000000000-"',
  '"0000000g-0000-4000-8000-000000000000"',
  '"urn:uuid:00000000000040008000000000000000"',
  '"urx:uuid:00000000-0000-4000-8000-000000000000"',
  '"é0000000-0000-4000-8000-00000000000"',
])('uuid.parse(%s) is undefined', async (text) => {
  expect(await call('uuid.parse', text)).toBe('undefined')
})
