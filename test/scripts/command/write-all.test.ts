/** Several files appear together or not at all. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { writeAll } from '../../../scripts/command/write-all.ts'

const folder = (): string => mkdtempSync(join(tmpdir(), 'countersign-write-'))
const listing = (at: string): readonly string[] =>
  readdirSync(at, { recursive: true, encoding: 'utf8' }).sort()

it('all of them, in folders that were not there, over what was', () => {
  const at = folder()
  writeFileSync(join(at, 'b'), 'before')
  writeAll([
    { path: join(at, 'x/y/a'), content: '1' },
    { path: join(at, 'b'), content: '2' },
  ])
  expect(listing(at)).toEqual(['b', 'x', 'x/y', 'x/y/a'])
  expect([readFileSync(join(at, 'x/y/a'), 'utf8'), readFileSync(join(at, 'b'), 'utf8')]).toEqual([
    '1',
    '2',
  ])
})

it.each<[string, (at: string) => string]>([
  [
    'is a directory',
    (at) => {
      mkdirSync(join(at, 'last'))
      return join(at, 'last')
    },
  ],
  ['lies below a file', (at) => join(at, 'b/last')],
  ['has a name that no disk takes', (at) => join(at, 'x'.repeat(300))],
])('none of them, when the last %s', (_what, last) => {
  const at = folder()
  writeFileSync(join(at, 'b'), 'before')
  const path = last(at)
  const before = listing(at)
  const files = [
    { path: join(at, 'x/y/a'), content: '1' },
    { path: join(at, 'b'), content: '2' },
    { path, content: '3' },
  ]
  expect(() => {
    writeAll(files)
  }).toThrow(/cannot be written.*Nothing was changed/su)
  expect(listing(at)).toEqual(before)
  expect(readFileSync(join(at, 'b'), 'utf8')).toBe('before')
})

it('takes back what was in place when a later one cannot be put there', () => {
  const at = folder()
  writeFileSync(join(at, 'a'), 'before')
  const files = [
    { path: join(at, 'a'), content: '1' },
    { path: join(at, 'new'), content: '2' },
    { path: join(at, 'c'), content: '3' },
    {
      path: join(at, 'd'),
      // By the time that this one is written beside its place, somebody has made a folder where another belongs.
      get content() {
        mkdirSync(join(at, 'c/full'), { recursive: true })
        return '4'
      },
    },
  ]
  expect(() => {
    writeAll(files)
  }).toThrow(/c cannot be written.*Nothing was changed/su)
  expect(readFileSync(join(at, 'a'), 'utf8')).toBe('before')
  expect(listing(at)).toEqual(['a', 'c', 'c/full'])
})
