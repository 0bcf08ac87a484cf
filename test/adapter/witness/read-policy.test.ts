/** The policy of a tenant's witnesses as the service reads it: one line says what to change. */
import { afterAll, describe, expect, it } from '@jest/globals'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readWitnessPolicy } from '../../../service/adapter/witness/read-policy.ts'
import { noteAlgorithm, noteKey, printVerifierKey } from '../../../service/audit/note-key.ts'

const home = mkdtempSync(join(tmpdir(), 'countersign-policy-'))
const file = join(home, 'policy')
afterAll(() => {
  rmSync(home, { recursive: true })
})

const keyOf = (name: string, fill: number, algorithm: number = noteAlgorithm.ed25519) =>
  noteKey(name, algorithm, new Uint8Array(32).fill(fill))
const log = keyOf('pdp.test/acme', 1)
const vkey = printVerifierKey(keyOf('w.example/w', 2, noteAlgorithm.cosignature))

function read(text: string, internal = false): ReturnType<typeof readWitnessPolicy> {
  writeFileSync(file, text)
  return readWitnessPolicy(file, internal, log)
}

it('a policy by which the log can be cosigned is read', () => {
  const lines = [`log ${printVerifierKey(log)}`, `witness w ${vkey} https://w.example`, 'quorum w']
  expect(read(`${lines.join('\n')}\n`)).toMatchObject({ witnesses: [{ name: 'w' }] })
  expect(read(`witness w ${vkey} http://127.0.0.1:1\nquorum w\n`, true).logs).toEqual([])
})

describe('the service does not start by', () => {
  it.each([
    ['what is no policy', 'quorum\n', /line 1: write "quorum <name>"/u],
    [
      'the policy of another log',
      `log ${printVerifierKey(keyOf('other', 9))}\nquorum none\n`,
      /add "log pdp\.test\/acme\+/u,
    ],
    ['a witness that nobody can ask', `witness w ${vkey}\nquorum w\n`, /have no URL/u],
    ['plain http', `witness w ${vkey} http://w.example\nquorum w\n`, /witness w: use https/u],
    ['a private address', `witness w ${vkey} https://10.0.0.1\nquorum w\n`, /not public/u],
    ['an address that is none', `witness w ${vkey} w.example\nquorum w\n`, /absolute URL/u],
  ])('%s', (_, text, message) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code: 'config_invalid', message: expect.stringMatching(message) }),
    )
  })

  it('a file that is not there', () => {
    expect(() => readWitnessPolicy(join(home, 'none'), false, log)).toThrow(/cannot be read/u)
  })
})
