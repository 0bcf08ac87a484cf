import { describe, expect, test } from '@jest/globals'
import { signV4 } from '../../../../service/adapter/policy-engine/builtin/aws/signature-v4.ts'
import { parseUrl } from '../../../../service/adapter/policy-engine/builtin/go-url.ts'
import { call } from './call.ts'

const config = {
  aws_access_key: 'AKIDEXAMPLE',
  aws_secret_access_key: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  aws_service: 'service',
  aws_region: 'us-east-1',
}
const text = (value: unknown): string => JSON.stringify(value)

// Of the test suite of Signature Version 4 that AWS published: get-vanilla and get-vanilla-query-order-key-case.
test.each([
  ['', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  [
    'Param1=value1&Param2=value2',
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ],
])('GET /?%s is signed as AWS says', (query, signature) => {
  const headers = signV4(
    {
      method: 'GET',
      url: parseUrl(`https://example.amazonaws.com/?${query}`),
      headers: new Map(),
      body: '',
    },
    {
      accessKey: config.aws_access_key,
      secretKey: config.aws_secret_access_key,
      region: config.aws_region,
      service: config.aws_service,
      sessionToken: '',
      signsPayload: true,
    },
    new Date('2015-08-30T12:36:00Z'),
  )
  expect(headers.get('Authorization')).toContain(`Signature=${signature}`)
  expect(headers.get('x-amz-date')).toBe('20150830T123600Z')
})

test('the same request at the same time is signed alike; the secret is not in it', async () => {
  const operands = [
    '{"method":"get","url":"https://a.example/b"}',
    text(config),
    '1440938160000000000',
  ]
  const signed = await call('providers.aws.sign_req', ...operands)
  expect(await call('providers.aws.sign_req', ...operands)).toBe(signed)
  expect(signed).not.toContain(config.aws_secret_access_key)
})

describe('a request that is none is not signed', () => {
  const good = { method: 'get', url: 'https://a.example/b' }
  test.each([
    ['with an unknown parameter', { ...good, mode: 1 }, config, '1'],
    ['with headers that are a list', { ...good, headers: [] }, config, '1'],
    ['to what is no URL', { ...good, url: 'https://a b/' }, config, '1'],
    ['by a config without a region', good, { ...config, aws_region: undefined }, '1'],
    ['before the epoch', good, config, '-1'],
    ['at no whole nanosecond', good, config, '1.5'],
    ['after what 64 bits count', good, config, '9223372036854775808'],
  ])('%s', async (_what, request, by, time) => {
    expect(await call('providers.aws.sign_req', text(request), text(by), time)).toBe('undefined')
  })
})
