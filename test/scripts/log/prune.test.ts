/** A log is archived, pruned, and read by its auditors with and without what went: by the commands, on real files. */
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { sampleEvent } from '../../../scripts/sample-draft.ts'
import {
  closeGrowing,
  grow,
  grown,
  later,
  openGrowing,
} from '../../adapter/audit-log/growing-log.ts'
import { TemporaryLogs } from '../../adapter/audit-log/temporary-log.ts'
import { commandHere, type RanHere } from '../../support/in-process.ts'

const logs = new TemporaryLogs()
const home = mkdtempSync(join(tmpdir(), 'countersign-prune-'))
/** Before and after it was pruned, and its archive. */
const whole = join(home, 'whole')
const tenant = join(home, 'tenant')
const archive = join(home, 'archive')
let minimum: number
/** The first entry that is seen without the archive. */
let first: number
let pruned: RanHere
let archived: RanHere

const log = (...args: readonly string[]): Promise<RanHere> => commandHere(['log', ...args])
const copy = (from: string, name: string): string => {
  const to = join(home, name)
  cpSync(from, to, { recursive: true, filter: (path) => basename(path) !== 'lock' })
  return to
}

beforeAll(async () => {
  const directory = logs.directory()
  const { audit, close } = await openGrowing(logs, directory)
  await grow(audit)
  // Long after, so that what was decided before has run out.
  await audit.append(sampleEvent('evt_later', null, later), null)
  await close()
  copy(directory, 'whole')
  copy(directory, 'tenant')
  archived = await log('archive', tenant, '--to', archive, '--json')
  pruned = await log('prune', tenant, '--before', String(grown), '--archive', archive, '--json')
  minimum = (pruned.json()['pruned'] as { to: number }).to
  first = Math.floor(minimum / 256) * 256
})
afterAll(async () => {
  await closeGrowing()
  await logs.clean()
  rmSync(home, { recursive: true })
})

describe('countersign log archive', () => {
  it('says what it holds, and copies nothing twice', async () => {
    expect(archived.json()).toMatchObject({ log: { size: grown + 1 }, first: 0, sealed: minimum })
    const again = await log('archive', whole, '--to', archive, '--json')
    expect([again.status, again.json()['copied']]).toEqual([0, 0])
  })

  it('goes on where it was broken off', async () => {
    const part = copy(archive, 'part')
    rmSync(join(part, 'published/checkpoint'))
    rmSync(join(part, 'published/tile/entries/000'))
    rmSync(join(part, 'log/00000000000000000000.segment'))
    writeFileSync(join(part, 'log/00000000000000000000.segment.unfinished'), 'half')
    const ran = await log('archive', whole, '--to', part, '--json')
    expect([ran.status, ran.json()['copied']]).toEqual([0, 2])
    expect((await log('verify', part)).status).toBe(0)
  })

  it('begins where a pruned log begins, and says so', async () => {
    const later = join(home, 'later')
    const ran = await log('archive', tenant, '--to', later, '--json')
    expect([ran.status, ran.json()['first']]).toEqual([0, first])
    const verified = await log('verify', later, '--json')
    expect([verified.status, verified.json()['unseen']]).toMatchObject([0, { to: first }])
  })

  it('refuses the archive of another log, of another story, and what is no archive', async () => {
    const other = logs.directory()
    const { audit, close } = await openGrowing(logs, other)
    await audit.append(sampleEvent('evt_other', null, later), null)
    await close()
    const cut = await log('archive', other, '--to', archive)
    expect([cut.status, cut.stderr]).toEqual([2, expect.stringContaining('it was cut back')])
    const something = await log('archive', tenant, '--to', home)
    expect([something.status, something.stderr]).toEqual([2, expect.stringContaining('something')])
  })
})

describe('countersign log prune', () => {
  it('says what went, and which leaf says so', () => {
    expect([pruned.status, pruned.stderr]).toEqual([0, ''])
    expect(pruned.json()['pruned']).toEqual({ from: 0, to: minimum, leaf: grown + 1 })
    expect(existsSync(join(tenant, 'log/00000000000000000000.segment'))).toBe(false)
  })

  it('does nothing the second time, and nothing before a place that nothing lies before', async () => {
    const again = await log('prune', tenant, '--before', String(grown), '--archive', archive)
    expect([again.status, again.stdout]).toEqual([0, expect.stringContaining('nothing was pruned')])
    const early = ['prune', copy(whole, 'early'), '--before', '2020-01-01', '--archive', archive]
    expect((await log(...early)).stdout).toContain('nothing was pruned')
  })

  const segment = 'log/00000000000000000000.segment'
  it.each<[string, (of: string) => void, 1 | 2, string]>([
    [
      'lacks a segment',
      (of) => {
        rmSync(join(of, segment))
      },
      2,
      `does not hold ${segment}`,
    ],
    [
      'has another segment',
      (of) => {
        flip(join(of, segment), 5000)
      },
      2,
      `does not hold ${segment}`,
    ],
    [
      'has another entry',
      (of) => {
        flip(join(of, 'published/tile/entries/000'), 900)
      },
      1,
      'not verif',
    ],
    [
      'lacks entries',
      (of) => {
        rmSync(join(of, 'published/tile/entries/000'))
      },
      1,
      'not verified',
    ],
    [
      'lacks hashes',
      (of) => {
        rmSync(join(of, 'published/tile/0/000'))
      },
      1,
      'not verified',
    ],
    [
      'has no checkpoint',
      (of) => {
        rmSync(join(of, 'published/checkpoint'))
      },
      2,
      'holds no log',
    ],
  ])('prunes nothing when the archive %s', async (what, spoil, status, said) => {
    const name = what.replaceAll(' ', '-')
    const [directory, spoiled] = [copy(whole, `t-${name}`), copy(archive, `a-${name}`)]
    spoil(spoiled)
    const ran = await log('prune', directory, '--before', String(grown), '--archive', spoiled)
    expect([ran.status, ran.stdout + ran.stderr]).toEqual([status, expect.stringContaining(said)])
    expect(existsSync(join(directory, segment))).toBe(true)
    expect(existsSync(join(directory, 'log/base'))).toBe(false)
  })
})

function flip(path: string, at: number): void {
  const bytes = readFileSync(path)
  bytes[at]! ^= 1
  writeFileSync(path, bytes)
}

describe('a pruned log', () => {
  it('verifies, and says what was not seen and which leaf gave it up', async () => {
    const ran = await log('verify', tenant, '--json')
    expect(ran.json()).toMatchObject({
      ...{ verified: true, unseen: { from: 0, to: first, leaf: grown + 1 } },
      checked: { leaves: grown + 2 - first },
    })
    expect((await log('verify', tenant)).stdout).toContain(
      `not seen: the entries 0 to ${first - 1}`,
    )
  })

  it('verifies as a whole with its archive', async () => {
    const ran = await log('verify', tenant, '--archive', archive, '--json')
    expect(ran.json()).toMatchObject({
      ...{ verified: true, unseen: null },
      checked: { leaves: grown + 2 },
    })
  })

  it.each<[string, (of: string) => void, string]>([
    [
      'entries are missing that no leaf gives up',
      (of) => {
        writeFileSync(join(of, 'published/minimum-index'), `${String(minimum + 1)}\n`)
      },
      'a leaf that says that entries',
    ],
    [
      'its file does not say that any went',
      (of) => {
        rmSync(join(of, 'published/minimum-index'))
      },
      'the entries 0 to 255',
    ],
    [
      'a hash of what went is another',
      (of) => {
        flip(join(of, 'published/tile/0/000'), 40)
      },
      'hash 0 of',
    ],
    [
      'its file is none',
      (of) => {
        flip(join(of, 'published/minimum-index'), 3)
      },
      'whole number',
    ],
  ])('does not verify when %s', async (what, spoil, said) => {
    const of = copy(tenant, `v-${what.replaceAll(' ', '-')}`)
    spoil(of)
    const ran = await log('verify', of)
    expect([ran.status, ran.stdout]).toEqual([1, expect.stringContaining(said)])
  })

  it('is reconstructed: without its archive it names it, with it nothing is missing', async () => {
    const asked = ['reconstruct', tenant, '--workflow', 'wf_4', '--json']
    const alone = (await log(...asked)).json()['missing'] as { kind: string; text: string }[]
    expect(alone.find(({ kind }) => kind === 'entries')?.text).toContain('--archive')
    const joined = (await log(...asked, '--archive', archive)).json()
    const before = (await log('reconstruct', whole, '--workflow', 'wf_4', '--json')).json()
    expect(joined).toEqual(before)
    expect(
      (await log('reconstruct', archive, '--workflow', 'wf_4', '--json')).json(),
    ).toMatchObject({
      steps: before['steps'],
    })
  })

  it('is exported: what it holds, or with its archive all of it; and lines go on where they ended', async () => {
    const out = join(home, 'export')
    expect((await log('export', tenant, '--out', out, '--json')).json()['first']).toBe(first)
    expect((await log('verify', out, '--json')).json()).toMatchObject({ unseen: { to: first } })
    const all = join(home, 'all.tar.gz')
    expect((await log('export', tenant, '--out', all, '--archive', archive)).status).toBe(0)
    expect((await log('verify', all, '--json')).json()).toMatchObject({ unseen: null })
    const lines = ['export', tenant, '--format', 'jsonl', '--out', join(home, 'x.jsonl')]
    const late = await log(...lines, '--after', '3')
    expect([late.status, late.stderr]).toEqual([2, expect.stringContaining('were pruned')])
    const fresh = await log(...lines, '--json')
    expect(fresh.json()).toMatchObject({ first, written: grown + 2 - first })
    const joined = await log(...lines, '--after', '3', '--archive', archive, '--json')
    expect(joined.json()).toMatchObject({ written: grown + 2 - 4 })
  })

  it('is indexed anew from its base', async () => {
    const ran = await log('reindex', copy(tenant, 'reindexed'), '--json')
    expect(ran.json()).toMatchObject({ log: { size: grown + 2 }, checkpoint: grown + 2 })
  })

  it('refuses to start without its base, with a changed one, or without a segment in the middle', async () => {
    const starts: readonly [string, (of: string) => void, RegExp][] = [
      [
        'none',
        (of) => {
          rmSync(join(of, 'log/base'))
        },
        /segment is missing/u,
      ],
      [
        'other',
        (of) => {
          flip(join(of, 'log/base'), 90)
        },
        /was not written by this log/u,
      ],
    ]
    for (const [name, spoil, said] of starts) {
      const of = copy(tenant, `s-${name}`)
      spoil(of)
      await expect(openGrowing(logs, of)).rejects.toMatchObject({
        code: 'log_corrupt',
        message: expect.stringMatching(said),
      })
    }
    const gap = copy(whole, 's-gap')
    const names = readdirSync(join(gap, 'log')).filter((one) => /^\d/u.test(one))
    rmSync(join(gap, 'log', names.sort()[1]!))
    rmSync(join(gap, 'index'), { recursive: true })
    await expect(openGrowing(logs, gap)).rejects.toMatchObject({
      message: expect.stringMatching(/should begin with entry \d+: a segment is missing/u),
    })
  })

  it('is whole again when its archive is put back', async () => {
    const of = copy(tenant, 'put-back')
    cpSync(join(archive, 'log'), join(of, 'log'), { recursive: true })
    cpSync(join(archive, 'published/tile'), join(of, 'published/tile'), { recursive: true })
    rmSync(join(of, 'log/base'))
    rmSync(join(of, 'published/minimum-index'))
    const { audit, close } = await openGrowing(logs, of)
    expect([audit.first(), audit.size()]).toEqual([0, grown + 2])
    expect(await audit.find('evt_3')).not.toBeNull()
    await close()
    expect((await log('verify', of, '--json')).json()).toMatchObject({
      verified: true,
      unseen: null,
    })
  })
})
