/** Programs that are not ours read what is published: which of them accepts the log, and which refuses which tampering. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { cpSync, writeFileSync } from 'node:fs'
import { TemporaryLogs } from '../adapter/audit-log/temporary-log.ts'
import { startLitewitness, type Litewitness } from '../support/litewitness.ts'
import { makeStage, sizes, type Snapshot, type Stage } from './published-log.ts'
import { tamperings } from './tampering.ts'
import { checkProof, verifiers } from './verifiers.ts'
import { cosignedBy } from './witness-column.ts'

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

/** It reads a checkpoint and no tile: what it refuses is another story than the one that it has seen. */
const refusedByWitness: ReadonlySet<string> = new Set<keyof typeof tamperings>([
  'edited checkpoint',
  'forked checkpoint',
  'wrong origin',
  'replaced key',
  'whole fork under the same key',
  'cut back to an older checkpoint',
])

describe('litewitness, which has seen the log', () => {
  let witness: Litewitness
  beforeAll(async () => {
    witness = await startLitewitness('witness.test/strangers')
    witness.register(stage.good.vkey)
    expect(await cosignedBy(witness, stage.good.directory)).toMatchObject({ is: 'cosigned' })
  }, 300_000)
  afterAll(() => witness.stop())

  it.each(Object.keys(tamperings) as (keyof typeof tamperings)[])('%s', async (what) => {
    const directory = logs.directory()
    cpSync(stage.good.directory, directory, { recursive: true })
    await tamperings[what](directory, stage)
    const said = await cosignedBy(witness, directory)
    expect({ what, said: said.is === 'cosigned', words: said }).toEqual({
      ...{ what, said: !refusedByWitness.has(what), words: said },
    })
  })

  it('says of a cut back and of a fork that it has seen another log', async () => {
    expect(await cosignedBy(witness, stage.older)).toEqual({
      ...{ is: 'disputed', dispute: { kind: 'ahead', size: sizes.now } },
    })
    expect(await cosignedBy(witness, stage.fork)).toEqual({
      ...{ is: 'disputed', dispute: { kind: 'forked', size: sizes.now } },
    })
  })
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
