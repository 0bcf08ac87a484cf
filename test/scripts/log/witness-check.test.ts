/** log verify --policy: who must have cosigned a checkpoint, and whose word does not count. */
import { describe, expect, it } from '@jest/globals'
import { readCheckpoint } from '../../../scripts/log/read/published-log.ts'
import { checkWitnesses, keyInPolicy } from '../../../scripts/log/verify/witness-check.ts'
import { checkpointText } from '../../../service/audit/checkpoint.ts'
import { noteAlgorithm, noteKey, printVerifierKey } from '../../../service/audit/note-key.ts'
import { parseWitnessPolicy, type WitnessPolicy } from '../../../service/audit/witness-policy.ts'
import { newNoteSigner, signedCheckpoint } from '../../support/published-log.ts'
import { MemoryWitness } from '../../support/witness.ts'

const origin = 'pdp.test/acme'
const root = new Uint8Array(32).fill(7)
const signer = newNoteSigner()
const key = noteKey(origin, noteAlgorithm.ed25519, signer.publicKey)
const text = checkpointText({ origin, size: 5, root })
const own = signedCheckpoint(origin, 5, root, signer)
const [a, b, stranger] = ['a', 'b', 'c'].map(
  (name) => new MemoryWitness(`${name}.example/w`, [key]),
)

function policy(...lines: readonly string[]): WitnessPolicy {
  const reading = parseWitnessPolicy([a!.line('A'), b!.line('B'), ...lines, ''].join('\n'))
  if (!reading.ok) throw new Error(reading.reason)
  return reading.policy
}
const check = (note: string, by: WitnessPolicy): unknown =>
  checkWitnesses(readCheckpoint(note)!, by, key)
const both = policy('group both all A B', 'quorum both')

it('names who signed, and when', () => {
  const note = own + a!.cosignature(text, 1_900_000_000) + b!.cosignature(text, 1_900_000_060)
  expect(check(note, both)).toEqual([
    { witness: 'A', time: 1_900_000_000 },
    { witness: 'B', time: 1_900_000_060 },
  ])
  expect(check(own, policy('quorum none'))).toEqual([])
})

describe('the checkpoint is refused', () => {
  it.each([
    ['without witnesses', own, /none of its witnesses/u],
    ['with too few of them', own + a!.cosignature(text), /only A/u],
    ['with those of others', own + stranger!.cosignature(text), /none of its witnesses/u],
    [
      'with a cosignature of another text, also where others are enough',
      own + a!.cosignature(text) + b!.cosignature(text) + a!.cosignature('other\n'),
      /does not verify/u,
    ],
    ['with one witness twice', own + a!.cosignature(text) + a!.cosignature(text, 5), /only A/u],
  ])('%s', (_, note, found) => {
    expect(() => check(note, both)).toThrow(found)
  })

  it('of a log that the policy does not know', () => {
    const other = printVerifierKey(noteKey(origin, noteAlgorithm.ed25519, new Uint8Array(32)))
    const by = policy(`log ${other}`, 'quorum none')
    expect(() => check(own, by)).toThrow(/a log of the policy/u)
  })
})

it('the key of a log is found in the policy by the name of the log', () => {
  const by = policy(`log ${printVerifierKey(key)}`, 'quorum none')
  expect(keyInPolicy(by, origin)).toEqual(key)
  expect(keyInPolicy(by, 'pdp.test/other')).toBeNull()
  expect(keyInPolicy(null, origin)).toBeNull()
  expect(check(own, by)).toEqual([])
})
