/** Witnesses that cosign, fail, dispute and lie: what is published, what an operator is told, and what decisions cost. */
import { beforeEach, describe, expect, it } from '@jest/globals'
import { sampleEvent } from '../../scripts/sample-draft.ts'
import { MemoryLog } from '../../service/adapter/memory-log/memory-log.ts'
import { verifyNote } from '../../service/adapter/audit-log/publication/note-signer.ts'
import { parseCheckpoint } from '../../service/audit/checkpoint.ts'
import { parseNote, signersOf } from '../../service/audit/signed-note.ts'
import { parseWitnessPolicy } from '../../service/audit/witness-policy.ts'
import { parseProof } from '../../service/audit/tlog-proof.ts'
import { limits } from '../../service/contract/limits.ts'
import { proveLogged } from '../../service/flow/prove-logged.ts'
import { Publisher } from '../../service/flow/publisher.ts'
import { resumePublication } from '../../service/flow/resume-publication.ts'
import { Witnessing, type WitnessNotice } from '../../service/flow/witnessing.ts'
import { MemoryPublication } from '../support/memory-publication.ts'
import { MemoryWitness, reply } from '../support/witness.ts'

const origin = 'pdp.test/acme'
let audit: MemoryLog
let publication: MemoryPublication
let a: MemoryWitness
let b: MemoryWitness
let now: number
let told: WitnessNotice[]
beforeEach(() => {
  audit = new MemoryLog(origin)
  publication = new MemoryPublication(origin)
  a = new MemoryWitness('a.example/w', [publication.key])
  b = new MemoryWitness('b.example/w', [publication.key])
  now = 1_900_000_000_000
  told = []
})

async function grow(entries: number, name = 'evt', log = audit): Promise<void> {
  const from = log.size()
  for (let i = from; i < from + entries; i += 1) {
    await log.append(sampleEvent(`${name}_${i}`, 'wf_1', 1_900_000_000), null)
  }
}

async function started(
  quorum = 'group both all A B\nquorum both',
  denies = false,
): Promise<Publisher> {
  const reading = parseWitnessPolicy(`${a.line('A')}\n${b.line('B')}\n${quorum}\n`)
  if (!reading.ok) throw new Error(reading.reason)
  const clock = { now: () => now, uuid: () => 'none' }
  const published = await resumePublication(publication)
  const rules = { policy: reading.policy, maxAge: 60, denies }
  const witnesses = new Witnessing(rules, published.note, {
    ask: (url, body, signal) => (url === 'https://A.example' ? a : b).answer(body, signal),
    ...{ verifies: verifyNote, clock, random: () => 0, told: (notice) => told.push(notice) },
  })
  return new Publisher(published, {
    ...{ audit, publication, clock, witnesses },
    failed: (error) => {
      throw error
    },
  })
}

/** Who has signed what readers see. */
function signers(note = Buffer.from(publication.files.get('checkpoint')!).toString()): string[] {
  const keys = [publication.key, a.key, b.key]
  return signersOf(parseNote(note)!, keys, verifyNote)!.map(({ name }) => name)
}
const publishedSize = (): number =>
  parseCheckpoint(parseNote(Buffer.from(publication.files.get('checkpoint')!).toString())!.text)!
    .size
const whole = [origin, 'a.example/w', 'b.example/w']

describe('witnesses that cosign', () => {
  it('are on every checkpoint, from the first on, and each is asked once', async () => {
    const publisher = await started()
    for (const more of [1, 255, 44, 300]) {
      await grow(more)
      await publisher.publish()
      expect(signers()).toEqual(whole)
    }
    expect(a.asked).toEqual([0, 1, 256, 300])
    expect(publisher.state('acme').witnesses).toEqual({
      ...{ witnessed: 600, quorum: true, quorum_missing_seconds: 0 },
      each: ['A', 'B'].map((name) => ({ name, cosigned: 600, failures: 0, dispute: null })),
    })
    await publisher.publish()
    expect(a.asked).toHaveLength(4)
    expect([...publisher.notices(), ...publisher.obstacles(), ...told]).toEqual([])
  })

  it('are on every proof', async () => {
    const publisher = await started()
    await grow(3)
    const [recorded] = await audit.entries(1, 1)
    const proof = parseProof(await proveLogged(recorded!, publisher))!
    expect(signers(proof.checkpoint)).toEqual(whole)
  })

  it('are bound only to what is kept: they are asked after it, and before readers see it', async () => {
    const publisher = await started()
    await grow(1)
    a.behave = (body) => {
      expect(publication.kept).not.toBeNull()
      expect(publication.files.has('checkpoint')).toBe(false)
      return a.addCheckpoint(body)
    }
    await publisher.publish()
    expect(signers()).toEqual(whole)
  })

  it('are asked by what the published checkpoint says after a start, and tell their size when it is lost', async () => {
    await grow(20)
    await (await started()).publish()
    const again = await started()
    expect(again.state('acme').witnesses).toMatchObject({ witnessed: 20, quorum: true })
    await grow(5)
    await again.publish()
    expect(a.asked).toEqual([0, 20])
    publication.files.clear()
    const third = await started()
    await third.publish()
    expect(a.asked).toEqual([0, 20, 0, 25])
    expect(signers()).toEqual(whole)
  })

  it('cosign again what they had cosigned when we died before it was published', async () => {
    await grow(20)
    publication.plan = (step) => (step === 'publish' ? 'lost' : null)
    const dying = await started().then(({ ports }) =>
      resumePublication(publication).then(
        (at) => new Publisher(at, { ...ports, failed: () => undefined }),
      ),
    )
    await dying.publish()
    expect(dying.failure).not.toBeNull()
    publication.plan = () => null
    await (await started()).publish()
    expect(signers()).toEqual(whole)
    expect(a.asked).toEqual([0, 0, 20])
  })
})

describe('a witness that fails', () => {
  it.each([
    ['does not know the log', () => reply(404), /register its name and key/u],
    ['knows another key', () => reply(403), /another key/u],
    ['is broken', () => reply(500), /500/u],
    ['cannot be reached', () => Promise.reject(new Error('refused')), /refused/u],
    ['answers nothing', () => reply(200, ''), /without a cosignature/u],
    ['answers what is no signature', () => reply(200, 'OK\n'), /without a cosignature/u],
    ['has a conflict without a size', () => reply(409, '7\n', 'text/plain'), /without a size/u],
    ['has a conflict with no number', () => reply(409, '07\n', 'text/x.tlog.size'), /a size/u],
    ['names a size, and denies it', () => reply(409, '0\n', 'text/x.tlog.size'), /each attempt/u],
  ] as const)('because it %s is told once, and holds up nothing', async (_, behave, reason) => {
    const publisher = await started()
    b.behave = behave
    for (let i = 0; i < 3; i += 1) {
      await grow(1)
      await publisher.publish()
      now += 10_000
    }
    expect(publishedSize()).toBe(3)
    expect(signers()).toEqual([origin, 'a.example/w'])
    expect(told).toEqual([{ event: 'failed', witness: 'B', reason: expect.stringMatching(reason) }])
    expect(publisher.notices()).toEqual([expect.stringMatching(reason)])
    expect(publisher.obstacles()).toEqual([])
  })

  it('by a signature of another text is not believed, nor is one by another key', async () => {
    const publisher = await started()
    a.behave = () => reply(200, a.cosignature('another text\n'))
    b.behave = (body) => reply(200, a.addCheckpoint(body).text)
    await grow(1)
    await publisher.publish()
    expect(signers()).toEqual([origin])
    expect(told.map((notice) => 'reason' in notice && notice.reason)).toEqual([
      'its cosignature does not verify',
      'it answered without a cosignature of its key',
    ])
  })

  it('rests longer each time, and is asked again though nothing is new', async () => {
    const publisher = await started()
    b.behave = () => reply(500)
    await grow(1)
    let elapsed = 0
    const times: number[] = []
    while (elapsed < 300_000) {
      const before = b.asked.length
      await publisher.publish()
      if (b.asked.length > before) times.push(elapsed)
      now += 500
      elapsed += 500
    }
    expect(times.slice(0, 8)).toEqual([0, 500, 1500, 3500, 7500, 15_500, 31_500, 61_500])
    expect(times[8]! - times[7]!).toBe(limits.witnessRestMilliseconds / 2)
    expect(a.asked).toHaveLength(1)
    b.behave = (body) => b.addCheckpoint(body)
    now += limits.witnessRestMilliseconds
    await publisher.publish()
    expect(signers()).toEqual(whole)
    expect(told.map(({ event }) => event)).toEqual([
      'failed',
      'quorum_missing',
      'cosigns_again',
      'quorum_met',
    ])
    expect(publisher.notices()).toEqual([])
  })

  it('that hangs is left after its time: the signal ends it', async () => {
    const publisher = await started()
    b.behave = (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reject(signal.reason as Error)
        })
      })
    await grow(1)
    await publisher.publish()
    expect(signers()).toEqual([origin, 'a.example/w'])
    expect(told).toEqual([
      { event: 'failed', witness: 'B', reason: expect.stringContaining('timeout') },
    ])
  })
})

describe('a quorum that is missing', () => {
  it('is told when it has been so for too long, and denies only where data says so', async () => {
    const plain = await started()
    const denying = await started(undefined, true)
    b.behave = () => reply(500)
    await grow(1)
    for (const publisher of [plain, denying]) await publisher.publish()
    now += 60_000
    expect(denying.ports.witnesses?.isDenying(now)).toBe(false)
    now += 1
    for (const publisher of [plain, denying]) await publisher.publish()
    expect(plain.ports.witnesses?.isDenying(now)).toBe(false)
    expect(denying.ports.witnesses?.isDenying(now)).toBe(true)
    const late = expect.stringContaining('lacked the quorum of its witnesses for 60 s')
    expect(plain.notices()).toContainEqual(late)
    expect(plain.obstacles()).toEqual([])
    expect(denying.obstacles()).toEqual([late])
    expect(told.filter(({ event }) => event === 'quorum_missing')).toHaveLength(2)
    expect(plain.state('acme').witnesses).toMatchObject({
      ...{ quorum: false, quorum_missing_seconds: 60, witnessed: 0 },
    })
  })

  it('is met by those who are enough', async () => {
    const publisher = await started('group one any A B\nquorum one')
    b.behave = () => reply(500)
    await grow(1)
    await publisher.publish()
    expect(publisher.state('acme').witnesses).toMatchObject({ quorum: true, witnessed: 1 })
  })
})

describe('a log that a witness disputes', () => {
  it('because it was cut back is told at once, stops readiness, and denies where data says so', async () => {
    await grow(30)
    await (await started()).publish()
    audit = new MemoryLog(origin)
    const { key } = publication
    publication.files.clear()
    publication.kept = null
    await grow(20)
    const publisher = await started(undefined, true)
    await publisher.publish()
    expect(publisher.obstacles()).toEqual([
      expect.stringMatching(/witness A has cosigned 30 entries.*cut back/u),
      expect.stringMatching(/witness B/u),
    ])
    expect(publisher.ports.witnesses?.isDenying(now)).toBe(true)
    expect(told).toEqual(
      ['A', 'B'].map((witness) => ({
        ...{ event: 'disputed', witness, dispute: { kind: 'ahead', size: 30 } },
      })),
    )
    expect(signers()).toEqual([key.name])
    // It grows past what was seen: now it is a fork, and a witness that is gone settles nothing.
    await grow(20)
    now += 60_000
    await publisher.publish()
    a.behave = () => reply(500)
    now += 60_000
    await publisher.publish()
    expect(publisher.obstacles()).toEqual([
      expect.stringMatching(/witness A has cosigned other entries.*first 30/u),
      expect.stringMatching(/witness B has cosigned other entries/u),
      expect.stringContaining('lacked the quorum'),
    ])
  })

  it('because it has another root of the same size is a fork too, by either answer', async () => {
    await grow(30)
    await (await started()).publish()
    audit = new MemoryLog(origin)
    publication.files.clear()
    publication.kept = null
    await grow(30, 'other')
    b.behave = () => reply(409, '30\n', 'text/x.tlog.size')
    const publisher = await started()
    await publisher.publish()
    expect(told).toEqual(
      ['A', 'B'].map((witness) => ({
        ...{ event: 'disputed', witness, dispute: { kind: 'forked', size: 30 } },
      })),
    )
  })
})
