import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from '@jest/globals'
import { readTar } from '../../service/bundle/read-tar.ts'
import { writeGzip } from '../../service/bundle/write-gzip.ts'
import { writeTar } from '../../service/bundle/write-tar.ts'
import { reasonOf } from './forge.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const end = new Uint8Array(1024)
const whole = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))

type Entry = {
  readonly name?: string
  readonly type?: string
  readonly text?: string
  readonly size?: string
  readonly sum?: string
}

/** One entry of an archive, with whatever is to be wrong with it. */
function entry({ name = 'data.json', type = '0', text = '', size, sum }: Entry): Uint8Array {
  const block = Buffer.alloc(512)
  block.write(name, 0, 100, 'utf8')
  block.write('0000644\0', 100)
  block.write(size ?? `${text.length.toString(8).padStart(11, '0')}\0`, 124, 'latin1')
  block.write('        ', 148)
  block.write(type, 156, 'latin1')
  block.write('ustar\x0000', 257, 'latin1')
  block.write(
    sum ??
      `${block
        .reduce((a, b) => a + b, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
    148,
    'latin1',
  )
  return whole(block, utf8(text), new Uint8Array((512 - (text.length % 512)) % 512))
}

const pax = (record: string): Entry => ({ name: 'pax', type: 'x', text: record })

test.each(['pax', 'gnu'])(
  'an archive of the %s kind is read, long names and directories too',
  (kind) => {
    const packed = readFileSync(new URL(`../fixtures/bundle/${kind}.tar.gz`, import.meta.url))
    const files = readTar(gunzipSync(packed))
    expect([...files.keys()]).toEqual([
      `${'a/'.repeat(60)}policy_${'x'.repeat(60)}.rego`,
      'data.json',
    ])
    expect([...files.values()].map((bytes) => Buffer.from(bytes).toString())).toEqual(['abc', '{}'])
  },
)

test.each(['data.json', '/data.json', './data.json'])('%s is the file data.json', (name) => {
  expect([...readTar(whole(entry({ name }), end)).keys()]).toEqual(['data.json'])
})

test('a directory carries nothing', () => {
  expect(
    readTar(whole(entry({ name: 'a/', type: '5' }), entry({ name: 'b/', type: '\0' }), end)).size,
  ).toBe(0)
})

test.each<readonly [string, readonly Entry[], string]>([
  ['a hard link', [{ type: '1' }], 'entry_type'],
  ['a symbolic link', [{ type: '2' }], 'entry_type'],
  ['a character device', [{ type: '3' }], 'entry_type'],
  ['a block device', [{ type: '4' }], 'entry_type'],
  ['a pipe', [{ type: '6' }], 'entry_type'],
  ['a contiguous file', [{ type: '7' }], 'entry_type'],
  ['a sparse file', [{ type: 'S' }], 'entry_type'],
  ['a long link name', [{ type: 'K', text: 'x' }], 'entry_type'],
  ['a sparse file in pax', [pax('22 GNU.sparse.major=1\n'), {}], 'entry_type'],
  ['a size in pax', [pax('9 size=1\n'), {}], 'entry_type'],
  ['a pax header that is no record', [pax('garbage'), {}], 'not_tar'],
  ['a pax record of length nought', [pax('0 a=b\n'), {}], 'not_tar'],
  ['a name for all files', [{ type: 'g', text: '10 path=a\n' }, {}], 'path'],
  ['an absolute path below the root', [{ name: '//etc/passwd' }], 'path'],
  ['a climbing path', [{ name: '../data.json' }], 'path'],
  ['a path that climbs inside', [{ name: 'a/../../data.json' }], 'path'],
  ['a path that climbs in pax', [pax('19 path=../data.js\n'), {}], 'path'],
  ['a path with a dot segment', [{ name: 'a/./data.json' }], 'path'],
  ['a path with an empty segment', [{ name: 'a//data.json' }], 'path'],
  ['a path with a backslash', [{ name: 'a\\data.json' }], 'path'],
  ['a path with a control character', [{ name: 'a\u001bb' }], 'path'],
  ['a file with the name of a directory', [{ name: 'a/' }], 'path'],
  ['a file without a name', [{ name: '' }], 'path'],
  ['a file that stands twice', [{}, {}], 'duplicate_file'],
  ['a file that stands twice, spelt differently', [{}, { name: './data.json' }], 'duplicate_file'],
  ['a damaged header', [{ sum: '0000000\0' }], 'not_tar'],
  ['a size that is no number', [{ size: '0000000000x\0' }], 'not_tar'],
  ['a negative size', [{ size: '-0000000001\0' }], 'not_tar'],
  ['a binary size', [{ size: '\x80\0\0\0\0\0\0\0\0\0\0\x01' }], 'not_tar'],
  ['a size beyond the archive', [{ size: '00007777777\0' }], 'not_tar'],
])('%s is refused', (_what, entries, reason) => {
  expect(reasonOf(() => readTar(whole(...entries.map(entry), end)))).toBe(reason)
})

test('a name that is not UTF-8 is refused', () => {
  const archive = Buffer.from(whole(entry({ name: 'a' }), end))
  archive[0] = 0xff
  archive.write('        ', 148, 'latin1')
  const sum = archive.subarray(0, 512).reduce((a, b) => a + b, 0)
  archive.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  expect(reasonOf(() => readTar(archive))).toBe('path')
})

test.each([
  ['nothing', new Uint8Array(0)],
  ['no end', entry({})],
  ['half a block', whole(entry({}), new Uint8Array(100))],
  ['something after the end', whole(entry({}), end, entry({ name: 'b' }))],
])('an archive with %s is refused', (_what, archive) => {
  expect(reasonOf(() => readTar(archive))).toBe('not_tar')
})

test('an archive with too many files is refused', () => {
  const names = new Map(Array.from({ length: 4097 }, (_, i) => [`f${i}`, new Uint8Array(0)]))
  expect(reasonOf(() => readTar(writeTar(names)))).toBe('too_many_files')
})

test('what is written is read again, in one order', () => {
  const long = `${'d/'.repeat(70)}x.rego`
  const files = new Map([
    ['b', utf8('2')],
    [long, utf8('é')],
    ['a', new Uint8Array(600)],
  ])
  const reversed = new Map([...files].reverse())
  expect(writeTar(files)).toEqual(writeTar(reversed))
  expect(new Map(readTar(writeTar(files)))).toEqual(new Map([...files].sort()))
  expect(reasonOf(() => writeTar(new Map([['x'.repeat(120), utf8('')]])))).toBe('path')
})

test.each([0, 1, 65_534, 65_535, 65_536, 200_000])('%d bytes survive packing', (length) => {
  const bytes = new Uint8Array(length).map((_, i) => (i * 7) % 251)
  expect(new Uint8Array(gunzipSync(writeGzip(bytes)))).toEqual(bytes)
})
