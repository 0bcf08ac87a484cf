/** C2SP tlog-policy: the example of the specification, every fault of a line, and when a quorum is met. */
import { describe, expect, it } from '@jest/globals'
import { noteAlgorithm, noteKey, printVerifierKey } from '../../service/audit/note-key.ts'
import {
  isQuorumMet,
  parseWitnessPolicy,
  type WitnessPolicy,
} from '../../service/audit/witness-policy.ts'

const vkey = (name: string, fill: number, algorithm: number = noteAlgorithm.cosignature): string =>
  printVerifierKey(noteKey(name, algorithm, new Uint8Array(32).fill(fill)))
const log = vkey('pdp.test/acme', 200, noteAlgorithm.ed25519)
const witness = (name: string, fill: number): string =>
  `witness ${name} ${vkey(`${name}.example`, fill)}`

function policyOf(...lines: readonly string[]): WitnessPolicy {
  const reading = parseWitnessPolicy(`${lines.join('\n')}\n`)
  if (!reading.ok) throw new Error(reading.reason)
  return reading.policy
}

const example = [
  `log ${log}`,
  '',
  ...['X1', 'X2', 'X3'].map((name, i) => witness(name, i)),
  'group X-witnesses 2 X1 X2 X3',
  '',
  ...['Y1', 'Y2', 'Y3'].map((name, i) => witness(name, 10 + i)),
  'group Y-witnesses any Y1 Y2 Y3',
  '# both organizations',
  ' \t group  X-and-Y all X-witnesses\tY-witnesses ',
  'quorum X-and-Y',
]

it('the example of the specification asks for two of one organization and one of the other', () => {
  const { logs, witnesses, quorum } = policyOf(...example)
  expect(logs.map(({ name }) => name)).toEqual(['pdp.test/acme'])
  expect(witnesses.map(({ name, url }) => [name, url])).toEqual(
    ['X1', 'X2', 'X3', 'Y1', 'Y2', 'Y3'].map((name) => [name, null]),
  )
  const met = (...names: readonly string[]): boolean => isQuorumMet(quorum, new Set(names))
  expect(met('X1', 'X3', 'Y2')).toBe(true)
  expect(met('X1', 'X2', 'X3')).toBe(false)
  expect(met('X1', 'Y1', 'Y2', 'Y3')).toBe(false)
  expect(met()).toBe(false)
  expect(met('X-witnesses', 'Y-witnesses', 'X-and-Y')).toBe(false)
})

it('a quorum may be one witness, or none', () => {
  const { quorum, witnesses } = policyOf(`${witness('A', 1)} https://a.example/w`, 'quorum A')
  expect(witnesses[0]?.url).toBe('https://a.example/w')
  expect(isQuorumMet(quorum, new Set(['A']))).toBe(true)
  expect(isQuorumMet(quorum, new Set(['B']))).toBe(false)
  expect(isQuorumMet(policyOf('quorum none').quorum, new Set())).toBe(true)
})

it('32 logs, witnesses and groups are read', () => {
  const numbers = Array.from({ length: 32 }, (_, i) => i)
  const { logs, witnesses, quorum } = policyOf(
    ...numbers.map((i) => `log ${vkey(`l${i}`, i, noteAlgorithm.ed25519)}`),
    ...numbers.map((i) => witness(`w${i}`, i)),
    ...numbers.map((i) =>
      `group g${i} ${i === 0 ? 'w0' : `all w${i} g${i - 1}`}`.replace('g0 w0', 'g0 1 w0'),
    ),
    'quorum g31',
  )
  expect([logs.length, witnesses.length]).toEqual([32, 32])
  const all = numbers.map((i) => `w${i}`)
  expect(isQuorumMet(quorum, new Set(all))).toBe(true)
  expect(isQuorumMet(quorum, new Set(all.slice(1)))).toBe(false)
})

describe('what is no policy', () => {
  it.each([
    ['no quorum', [witness('A', 1)], /no quorum/u],
    ['two quorums', ['quorum none', 'quorum none'], /line 2: there is a quorum/u],
    ['a quorum of nobody', ['quorum A'], /line 1: no line before it defines "A"/u],
    ['a quorum before its witness', ['quorum A', witness('A', 1)], /line 1: no line before/u],
    ['an unknown keyword', ['witnesses A'], /line 1: "witnesses" is none of/u],
    ['a control character', ['quorum none\r'], /line 1: only tabs and printable/u],
    ['bytes that are no UTF-8', ['# \ufffd', 'quorum none'], /line 1/u],
    ['a comment behind a line', ['quorum none # nobody'], /line 1: write/u],
    ['a log by the key of a witness', [`log ${vkey('a', 1)}`], /no verifier key of a log/u],
    ['a witness by the key of a log', [`witness A ${log}`], /no verifier key of a witness/u],
    ['a witness without a key', ['witness A'], /line 1: write/u],
    ['a witness with more than a URL', [`${witness('A', 1)} u v`], /line 1: write/u],
    ['a name twice', [witness('A', 1), witness('A', 2)], /line 2: "A" is defined already/u],
    ['the name none', [witness('none', 1)], /line 1: "none" cannot be defined/u],
    [
      'one key under two names',
      [witness('A', 1), `witness B ${vkey('other', 1)}`],
      /line 2: the same public key/u,
    ],
    ['a log twice', [`log ${log}`, `log ${log}`], /line 2: the same public key/u],
    ['an empty group', ['group G any'], /line 1: write/u],
    ['a group of nobody', ['group G any A'], /no line before it defines "A"/u],
    ['a member twice', [witness('A', 1), 'group G 2 A A'], /line 2: "A" is a member already/u],
    [
      'a member of two groups',
      [witness('A', 1), 'group G any A', 'group H any A'],
      /line 3: "A" is a member already/u,
    ],
    ['a threshold of 0', [witness('A', 1), 'group G 0 A'], /line 2: "0" is none of/u],
    ['a threshold past its members', [witness('A', 1), 'group G 2 A'], /line 2: "2" is none of/u],
    ['a threshold with a zero before it', [witness('A', 1), 'group G 01 A'], /line 2/u],
    [
      'more witnesses than are read',
      Array.from({ length: 65 }, (_, i) => witness(`w${i}`, i)),
      /line 65: more than 64/u,
    ],
  ])('%s', (_, lines, reason) => {
    const reading = parseWitnessPolicy(`${lines.join('\n')}\n`)
    expect(reading).toEqual({ ok: false, reason: expect.stringMatching(reason) })
  })
})
