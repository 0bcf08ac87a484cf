/** Programs that are not ours read what is published: which of them accepts the log, and which refuses which tampering. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { cpSync, writeFileSync } from 'node:fs'
import { TemporaryLogs } from '../adapter/audit-log/temporary-log.ts'
import { makeStage, sizes, type Snapshot, type Stage } from './published-log.ts'
import { tamperings } from './tampering.ts'
import { checkProof, verifiers } from './verifiers.ts'

const logs = new TemporaryLogs()
let stage: Stage
beforeAll(async () => {
  stage = await makeStage(logs)
}, 120_000)
afterAll(() => logs.clean())

type Name = keyof typeof verifiers
const names = Object.keys(verifiers) as Name[]

/** Who refuses what; a single state of a log cannot show that there was a later one, or another. */
const all = names
const seesThePast: readonly Name[] = ['x/mod sumdb, last seen']
const refusedBy: Readonly<Record<keyof typeof tamperings, readonly Name[]>> = {
  'flipped byte of a hash': all,
  'flipped byte of an upper hash': all,
  'flipped byte of the last tile': all,
  'edited entry bundle': all,
  'dropped leaf': all,
  'swapped leaves': all,
  'truncated tail': all,
  'edited checkpoint': all,
  'forked checkpoint': all,
  // It asks for a signature and a proof; what the log is called it does not compare.
  'wrong origin': names.filter((name) => name !== '@sigstore/verify'),
  'replaced key': all,
  'whole fork under the same key': seesThePast,
  'cut back to an older checkpoint': seesThePast,
}

describe.each(names)('%s', (name) => {
  it('accepts the log', () => {
    const said = verifiers[name](stage.good)
    expect(said).toMatchObject({ accepts: true })
  }, 300_000)

  it.each(Object.keys(tamperings) as (keyof typeof tamperings)[])(
    '%s',
    async (what) => {
      const directory = logs.directory()
      cpSync(stage.good.directory, directory, { recursive: true })
      await tamperings[what](directory, stage)
      const { accepts, words } = verifiers[name]({ ...stage.good, directory })
      expect({ accepts, words }).toEqual({ accepts: !refusedBy[what].includes(name), words })
    },
    120_000,
  )
})

describe('a tlog-proof', () => {
  const check = (text: string, token: string, log: Snapshot = stage.good): boolean => {
    writeFileSync(stage.proof.path, text)
    writeFileSync(stage.proof.leaf, token)
    return checkProof(log, stage.proof.path, stage.proof.leaf).accepts
  }

  it('is accepted with its entry, and with no other', () => {
    const { proof, token } = stage
    expect(check(proof.text, token)).toBe(true)
    expect(check(proof.text, `${token}A`)).toBe(false)
    expect(check(proof.text.replace('index 257', 'index 258'), token)).toBe(false)
    expect(check(proof.text.replace(`\n${String(sizes.now)}\n`, '\n701\n'), token)).toBe(false)
  })
})
