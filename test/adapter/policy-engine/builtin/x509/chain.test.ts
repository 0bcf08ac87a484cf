import { expect, test } from '@jest/globals'
import { testWithOpa } from '../../../../support/opa.ts'
import { call } from '../call.ts'
import { differences } from '../differential.ts'
import type { Chain } from './chain-parts.ts'
import { chains } from './chains.ts'
import { pem } from './make-certificate.ts'

const verify = 'crypto.x509.parse_and_verify_certificates_with_options'
const noon = Date.UTC(2026, 5, 1) * 1_000_000

const operandsOf = ({ certificates, options }: Chain): readonly string[] =>
  [certificates.map((one) => pem(one)).join(''), { CurrentTime: noon, ...options }].map((operand) =>
    JSON.stringify(operand),
  )

test.each(chains.map((chain) => [chain.isValid ? 'holds' : 'breaks', chain.name, chain] as const))(
  'a chain %s with %s',
  async (_verdict, _name, chain) => {
    const result = await call(verify, ...operandsOf(chain))
    expect(result).toMatch(chain.isValid ? /^\[true,\[\{/ : /^\[false,\[\]\]$/)
  },
)

testWithOpa('of every chain the engine says what OPA says', async () => {
  const rows = chains.map((chain) => `${verify}(${operandsOf(chain).join(', ')})`)
  expect(await differences(rows)).toEqual([])
})

test.each([
  ['an option that is not known', { Roots: [] }],
  ['a purpose that is not known', { KeyUsages: ['KeyUsageTea'] }],
  ['purposes that are no list', { KeyUsages: 'KeyUsageAny' }],
  ['a name that is no text', { DNSName: 1 }],
  ['a time that is no text', { CurrentTime: 'now' }],
  ['a time beyond all', { CurrentTime: 1e30 }],
  ['a limit that is no integer', { MaxConstraintComparisons: 0.5 }],
])('%s makes the call undefined', async (_what, options) => {
  expect(await call(verify, ...operandsOf({ ...chains[0]!, options }))).toBe('undefined')
})

test('without options the time is that of the query', async () => {
  const [certificates = ''] = operandsOf(chains[0]!)
  const result = await call('crypto.x509.parse_and_verify_certificates', certificates)
  expect(result).toMatch(/^\[true,\[\{.*"URIStrings":null/)
})
