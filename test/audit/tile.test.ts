import { describe, expect, it } from '@jest/globals'
import { decodeBundle, encodeBundle } from '../../service/audit/entry-bundle.ts'
import { GrowingTiles } from '../../service/audit/growing-tiles.ts'
import { leafHash } from '../../service/audit/merkle.ts'
import { decodeTile } from '../../service/audit/tile-hashes.ts'
import {
  completedTiles,
  isOfSize,
  partialTiles,
  tileAt,
  tileOfPath,
  tilePath,
  type Tile,
} from '../../service/audit/tile.ts'
import { naiveRoot } from './naive-tree.ts'

const names: readonly (readonly [Tile, string])[] = [
  [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
  [{ level: 0, index: 999, width: 256 }, 'tile/0/999'],
  [{ level: 0, index: 1000, width: 256 }, 'tile/0/x001/000'],
  [{ level: 1, index: 1_234_067, width: 256 }, 'tile/1/x001/x234/067'],
  [{ level: 2, index: 0, width: 1 }, 'tile/2/000.p/1'],
  [{ level: 63, index: 0, width: 255 }, 'tile/63/000.p/255'],
  [{ level: 'entries', index: 273, width: 112 }, 'tile/entries/273.p/112'],
]

const strangeNames = [
  'checkpoint',
  'tile/0/0',
  'tile/00/000',
  'tile/64/000',
  'tile/-1/000',
  'tile/8/0/000',
  'tile/0/000.p/0',
  'tile/0/000.p/01',
  'tile/0/000.p/256',
  'tile/0/000.p/999',
  'tile/0/x000/001',
  'tile/0/001/000',
  'tile/0/x001',
  'tile/0/x001/x000',
  'tile/data/000',
  'tile/entries/../../keys',
  'tile/0/x999/x999/x999/x999/x999/999',
  '/tile/0/000',
  'tile/0/000/',
  'tile/0/000\n',
]

describe('the name of a tile', () => {
  it.each(names)('%j is %s, both ways', (tile, path) => {
    expect(tilePath(tile)).toBe(path)
    expect(tileOfPath(path)).toEqual(tile)
  })

  it.each(strangeNames)('%j is no name', (path) => {
    expect(tileOfPath(path)).toBeNull()
  })
})

const entry = (i: number): Buffer => Buffer.from(`entry ${i}`)

function grown(size: number): { tiles: GrowingTiles; files: Map<string, Uint8Array> } {
  const tiles = new GrowingTiles()
  for (let i = 0; i < size; i += 1) tiles.append(entry(i))
  const files = new Map(
    [...tiles.takeFull(), ...tiles.partial()].map(({ path, bytes }) => [path, bytes]),
  )
  return { tiles, files }
}

describe('the tiles of a log', () => {
  it('of 70,000 entries are those of the example in the specification', () => {
    const { files } = grown(70_000)
    const count = (test: RegExp): number =>
      [...files.keys()].filter((path) => test.test(path)).length
    expect(count(/^tile\/0\/\d{3}$/)).toBe(273)
    expect(count(/^tile\/1\/\d{3}$/)).toBe(1)
    expect([...files.keys()].filter((path) => path.includes('.p/'))).toEqual([
      'tile/0/273.p/112',
      'tile/entries/273.p/112',
      'tile/1/001.p/17',
      'tile/2/000.p/1',
    ])
    expect(files.get('tile/0/000')).toHaveLength(8192)
  })

  it('of 256 entries are a full tile and a partial one above it', () => {
    expect([...grown(256).files.keys()]).toEqual([
      'tile/0/000',
      'tile/entries/000',
      'tile/1/000.p/1',
    ])
  })

  it('have at each size the root of the recursive definition', () => {
    const tiles = new GrowingTiles()
    const entries: Buffer[] = []
    for (let size = 0; size <= 600; size += 1) {
      if (size < 40 || size % 64 < 2) {
        expect(Buffer.from(tiles.root())).toEqual(naiveRoot(entries))
        expect(Buffer.from(tiles.copy().root())).toEqual(naiveRoot(entries))
      }
      entries.push(entry(size))
      tiles.append(entry(size))
    }
  })

  it('hold the hash of each entry of the bundle beside them', () => {
    const { files } = grown(300)
    for (const [path, width] of [
      ['tile/0/000', 256],
      ['tile/0/001.p/44', 44],
    ] as const) {
      const entries = decodeBundle(files.get(path.replace('tile/0', 'tile/entries'))!, width)!
      expect(decodeTile(files.get(path)!, width)!.map((hash) => [...hash])).toEqual(
        entries.map((bytes) => [...leafHash(bytes)]),
      )
    }
  })

  it.each([0, 1, 255, 256, 257, 512, 65_535, 65_536])(
    'go on behind %d entries as if there had been no pause',
    (size) => {
      const { tiles, files } = grown(size)
      const resumed = GrowingTiles.resume(size, files)!
      expect(Buffer.from(resumed.root())).toEqual(Buffer.from(tiles.root()))
      for (let i = size; i < size + 260; i += 1) {
        tiles.append(entry(i))
        resumed.append(entry(i))
      }
      expect(resumed.size).toBe(tiles.size)
      expect(resumed.takeFull()).toEqual(tiles.takeFull())
      expect(resumed.partial()).toEqual(tiles.partial())
    },
  )

  it('do not go on behind a file that is missing or has another length', () => {
    const { files } = grown(300)
    for (const { path } of grown(300).tiles.partial()) {
      expect(
        GrowingTiles.resume(300, new Map([...files].filter(([name]) => name !== path))),
      ).toBeNull()
      expect(
        GrowingTiles.resume(300, new Map(files).set(path, files.get(path)!.subarray(1))),
      ).toBeNull()
    }
  })

  it('are not moved by a copy', () => {
    const { tiles } = grown(255)
    const before = tiles.partial()
    tiles.copy().append(entry(255))
    expect(tiles.partial()).toEqual(before)
    expect(tiles.takeFull()).toEqual([])
  })

  it('that become full are named once, whatever the steps', () => {
    const steps = [0, 1, 255, 256, 511, 513, 65_537, 131_072]
    const found: Tile[] = []
    for (const [at, to] of steps.entries()) found.push(...completedTiles(steps[at - 1] ?? 0, to))
    const all = [...completedTiles(0, 131_072)]
    expect(found.map(tilePath).sort()).toEqual(all.map(tilePath).sort())
    expect(new Set(found.map(tilePath)).size).toBe(found.length)
    expect(all.filter((tile) => !isOfSize(tile, 131_072))).toEqual([])
  })

  it('of another size are told apart', () => {
    expect(partialTiles(300).every((tile) => isOfSize(tile, 300))).toBe(true)
    expect(partialTiles(300).some((tile) => isOfSize(tile, 299) && tile.level === 0)).toBe(false)
    expect(tileAt(0, 1, 300)).toEqual({ level: 0, index: 1, width: 44 })
    expect(tileAt(0, 2, 300)).toBeNull()
  })
})

describe('an entry bundle', () => {
  const entries = [Buffer.from(''), Buffer.from('a'), Buffer.alloc(65_535, 7)]

  it('gives back what it was made of', () => {
    expect(decodeBundle(encodeBundle(entries), 3)!.map((one) => Buffer.from(one))).toEqual(entries)
  })

  it('takes no entry whose length it cannot say', () => {
    expect(() => encodeBundle([Buffer.alloc(65_536)])).toThrow(RangeError)
  })

  it('is none with another count, a torn length or a torn entry', () => {
    const whole = encodeBundle(entries)
    expect(decodeBundle(whole, 2)).toBeNull()
    expect(decodeBundle(whole, 4)).toBeNull()
    for (const cut of [1, 3, 4, whole.length - 1])
      expect(decodeBundle(whole.subarray(0, cut), 3)).toBeNull()
    expect(decodeBundle(Buffer.concat([whole, Buffer.from([0])]), 3)).toBeNull()
  })
})
