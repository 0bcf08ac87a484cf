/** A disk that takes no more and a run that is interrupted, to real processes: what was there stays, and nothing lies about. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createHash, randomBytes } from 'node:crypto'
import {
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from '@jest/globals'
import { writeUnsigned } from '../../../service/bundle/write-bundle.ts'
import { describeWithParts } from '../../support/parts.ts'
import { policyRepository } from '../../support/policy-repository.ts'
import { writeKeyPair } from '../../support/signing-keys.ts'
import { released } from './broken.ts'

const main = join(import.meta.dirname, '../../../scripts/command/main.ts')
const made: string[] = []
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true })
})

const unformatted = `package countersign.rule.team.wide\n\nfindings   contains   x   if   {   x := input.x   }\n# ${'wide '.repeat(400)}\n`

/** A repository of its own, a large bundle to sign, and a folder for temporary files that ought to end empty. */
function workplace(): { readonly folder: string; readonly temporary: string } {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-writing-'))
  made.push(folder)
  cpSync(policyRepository({ 'rules/rule/team/wide/wide.rego': unformatted }), join(folder, 'r'), {
    recursive: true,
  })
  // Large enough to be met while it is written, and not to be compressed away.
  const data = JSON.stringify({ limits: { noise: randomBytes(3_000_000).toString('base64') } })
  const files = new Map([['data.json', Buffer.from(data)]])
  writeFileSync(
    join(folder, 'large.tar.gz'),
    writeUnsigned({ roots: ['limits'], sequence: 4, files }),
  )
  writeKeyPair(folder, 'k', 'ES256')
  for (const name of ['t', 'shelf']) mkdirSync(join(folder, name))
  return { folder, temporary: join(folder, 't') }
}

/** Every command that writes, on that place. */
const writers: readonly (readonly [string, readonly string[]])[] = [
  ['sign', ['large.tar.gz', '--key', 'k.pem', '--key-id', 'k', '-o', 'large.tar.gz']],
  ['push', [released.policy, 'shelf', '--key', released.key]],
  ['new', ['team/fresh', '--project', 'r']],
  ['fmt', ['--project', 'r']],
  ['catalogue', ['--project', 'r']],
  ['schemas', ['--project', 'r']],
  ['build', ['--project', 'r', '--sequence', '1']],
]

/** How many files a whole run of each changes. */
const written: Readonly<Record<string, number>> = {
  ...{ sign: 1, push: 1, new: 3, fmt: 1, catalogue: 2, schemas: 4, build: 2 },
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** What lies where, temporary files included. */
function contentsOf(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  return new Map(
    names
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [name, digestOf(readFileSync(join(folder, name)))]),
  )
}

interface Started {
  readonly child: ChildProcess
  readonly ended: Promise<{
    readonly status: number
    readonly stdout: string
    readonly stderr: string
  }>
}

function start(
  given: readonly string[],
  { folder, temporary }: ReturnType<typeof workplace>,
  before = ':',
): Started {
  const child = spawn(
    'sh',
    ['-c', `${before}; exec "$@"`, 'sh', process.execPath, main, 'policy', ...given],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '', TMPDIR: temporary },
    },
  )
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  // As a shell counts it: one that is about to leave no longer listens, and is ended by the signal itself.
  const ended = once(child, 'close').then(([status, signal]) => ({
    status: (status as number | null) ?? 128 + constants.signals[signal as NodeJS.Signals],
    stdout,
    stderr,
  }))
  return { child, ended }
}

describeWithParts('a disk that takes no more', () => {
  it.each(writers)('leaves what was there before %s', async (name, given) => {
    const place = workplace()
    const before = contentsOf(place.folder)
    const { status, stdout, stderr } = await start([name, ...given], place, 'ulimit -f 1').ended
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' })
    expect(stderr).toMatch(
      /^countersign: [^\n]*(?:larger than you may write|too large)[^\n]*(?:; |: make room)[^\n]*\n$/u,
    )
    expect(stderr.split('\n')).toHaveLength(2)
    expect(contentsOf(place.folder)).toEqual(before)
    expect(readdirSync(place.temporary)).toEqual([])
  })

  it.each([['--help'], ['inspect', released.policy]])(
    'is told when the answer itself goes there: %s',
    async (...given) => {
      const { status, stderr } = await start(given, workplace(), 'exec > /dev/full').ended
      expect(status).toBe(3)
      expect(stderr).toMatch(
        /^countersign: what is printed[^\n]*its disk is full; mend that[^\n]*\n$/u,
      )
    },
  )
})

it('a reader that has seen enough ends a command without a word', async () => {
  const { child, ended } = start(['inspect', released.policy], workplace())
  child.stdout?.destroy()
  expect((await ended).stderr).toBe('')
})

/** Each in the middle of a temporary file or of a file of its own, as far as it writes such. */
const interrupted = [
  ['sign', 'SIGTERM', 'a file'],
  ['push', 'SIGINT', 'a file'],
  ['new', 'SIGTERM', 'a file'],
  ['fmt', 'SIGINT', 'a file'],
  ['catalogue', 'SIGTERM', 'a temporary file'],
  ['catalogue', 'SIGINT', 'a file'],
  ['schemas', 'SIGTERM', 'a file'],
  ['build', 'SIGINT', 'a temporary file'],
  ['build', 'SIGTERM', 'a file'],
] as const

describeWithParts('an interrupted run', () => {
  it.each(interrupted)(
    '%s by %s when %s is written leaves the old or the new',
    async (name, signal, what) => {
      const place = workplace()
      const before = contentsOf(place.folder)
      // Whoever has a file open still reads the old one: what is written takes its place, and never its bytes.
      const open = [...before.keys()].map(
        (file) => [file, openSync(join(place.folder, file), 'r')] as const,
      )
      const { child, ended } = start([name, ...(new Map(writers).get(name) ?? [])], place)
      const watched = what === 'a file' ? place.folder : place.temporary
      let sent = 0
      const watcher = watch(watched, { recursive: true }, (_event, file) => {
        if (what === 'a file' && /^t(?:\/|$)/u.test(file ?? '')) return
        sent += 1
        child.kill(signal)
      })
      const { status, stderr } = await ended
      watcher.close()
      expect(sent).toBeGreaterThan(0)
      const stillRead = open.map(([file, descriptor]) => [file, digestOf(readFileSync(descriptor))])
      for (const [, descriptor] of open) closeSync(descriptor)
      expect(new Map(stillRead as [string, string][])).toEqual(before)
      // Late signals find it done.
      expect([0, signal === 'SIGINT' ? 130 : 143]).toContain(status)
      expect(stderr).toBe('')
      const after = contentsOf(place.folder)
      const left = [...after.keys()].filter(
        (file) => file.endsWith('.part') || file.startsWith('t/'),
      )
      expect([...left, ...readdirSync(place.temporary)]).toEqual([])
      // Of several files either all are new or none.
      const changed = [...after].filter(([file, digest]) => before.get(file) !== digest)
      expect([0, written[name]]).toContain(changed.length)
    },
  )
})
