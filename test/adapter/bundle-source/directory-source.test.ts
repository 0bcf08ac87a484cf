/** The directory source on a real file system, as people and Kubernetes change it. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from '@jest/globals'
import { listenTo, textsOf, until, type Listening } from '../../support/listening-source.ts'

let source: Listening
afterEach(() => source.close())

const folderOf = (files: Readonly<Record<string, string>>): string => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-source-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

it('offers every tarball at once, and nothing else', async () => {
  const directory = folderOf({
    'b.tar.gz': 'B',
    'a.tar.gz': 'A',
    'README.md': 'x',
    '.c.tar.gz': 'C',
  })
  source = listenTo({ directory })
  await until(() => source.offers.length === 1)
  expect(textsOf(source.offers[0])).toEqual(['A', 'B'])
  expect(source.status()).toMatchObject({ kind: 'directory', location: directory, failures: 0 })
})

it('offers again what is replaced, added or removed; not what is only touched', async () => {
  const directory = folderOf({ 'a.tar.gz': 'A' })
  source = listenTo({ directory })
  await until(() => source.offers.length === 1)
  writeFileSync(join(directory, '.next'), 'A2')
  renameSync(join(directory, '.next'), join(directory, 'a.tar.gz'))
  await until(() => source.offers.length === 2)
  writeFileSync(join(directory, 'b.tar.gz'), 'B')
  await until(() => source.offers.length === 3)
  expect(textsOf(source.offers[2])).toEqual(['A2', 'B'])
  rmSync(join(directory, 'b.tar.gz'))
  await until(() => source.offers.length === 4)
  const before = source.confirmed()
  writeFileSync(join(directory, 'a.tar.gz'), 'A2')
  await until(() => source.confirmed() > before)
  expect(source.offers).toHaveLength(4)
})

it('follows a link that is swapped, as a Kubernetes volume is', async () => {
  const volume = folderOf({})
  for (const name of ['v1', 'v2']) {
    mkdirSync(join(volume, name))
    writeFileSync(join(volume, name, 'a.tar.gz'), name)
  }
  symlinkSync('v1', join(volume, '..data'))
  symlinkSync(join('..data', 'a.tar.gz'), join(volume, 'a.tar.gz'))
  source = listenTo({ directory: volume })
  await until(() => source.offers.length === 1)
  symlinkSync('v2', join(volume, '..next'))
  renameSync(join(volume, '..next'), join(volume, '..data'))
  await until(() => source.offers.length === 2)
  expect(textsOf(source.offers[1])).toEqual(['v2'])
})

it('says what is wrong while there is nothing, and goes on when there is', async () => {
  const directory = join(folderOf({}), 'later')
  source = listenTo({ directory })
  await until(() => source.status().failures > 1)
  expect(source.status()).toMatchObject({
    confirmedAt: null,
    error: expect.stringContaining('ENOENT'),
  })
  mkdirSync(directory)
  await until(() => source.status().error?.includes('no *.tar.gz') === true)
  writeFileSync(join(directory, 'a.tar.gz'), 'A')
  await until(() => source.offers.length === 1)
  expect(source.status()).toMatchObject({ failures: 0, error: null })
})
