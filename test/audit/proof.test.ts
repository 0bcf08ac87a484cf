import { describe, expect, it } from '@jest/globals'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { GrowingTiles } from '../../service/audit/growing-tiles.ts'
import { leafHash } from '../../service/audit/merkle.ts'
import { consistencyRanges, inclusionRanges, subtreesOf } from '../../service/audit/subtree.ts'
import { decodeTile, rangeHash, tilesOfRanges } from '../../service/audit/tile-hashes.ts'
import { tilePath, type Tile } from '../../service/audit/tile.ts'
import {
  includes,
  isConsistent,
  type Consistency,
  type Inclusion,
} from '../../service/audit/verify-proof.ts'
import { naiveRoot } from './naive-tree.ts'

const fixture = (name: string): readonly Record<string, unknown>[] =>
  JSON.parse(readFileSync(new URL(`../fixtures/merkle/${name}.json`, import.meta.url), 'utf8'))
const bytes = (text: unknown): Uint8Array => Buffer.from(String(text), 'base64')
const list = (texts: unknown): Uint8Array[] => (texts as unknown[]).map(bytes)
const flip = (hash: Uint8Array, mask = 8): Uint8Array => hash.with(0, hash[0]! ^ mask)

const emptyRoot = createHash('sha256').digest()
const someHash = Buffer.from(
  'abacaba000000000000000000000000000000000000000000060061e00123456',
  'hex',
)
const none = new Uint8Array(0)

const inclusions = fixture('inclusion').map(
  ({ leafIdx, treeSize, root, leafHash: leaf, proof }): Inclusion => ({
    index: Number(leafIdx),
    size: Number(treeSize),
    root: bytes(root),
    leafHash: bytes(leaf),
    proof: list(proof),
  }),
)
const consistencies = fixture('consistency').map(
  ({ size1, size2, root1, root2, proof }): Consistency => ({
    from: Number(size1),
    to: Number(size2),
    fromRoot: bytes(root1),
    toRoot: bytes(root2),
    proof: list(proof),
  }),
)

/** What transparency-dev/merkle does to a valid inclusion proof. */
function tamperedInclusions(good: Inclusion): (readonly [string, Inclusion])[] {
  const { index, size, root, proof } = good
  return [
    ['index - 1', { ...good, index: index - 1 }],
    ['index + 1', { ...good, index: index + 1 }],
    ['index ^ 2', { ...good, index: index ^ 2 }],
    ['size * 2', { ...good, size: size * 2 }],
    ['size / 2', { ...good, size: Math.floor(size / 2) }],
    ['no tree', { ...good, size: 0 }],
    ['half an entry', { ...good, index: index + 0.5 }],
    ['wrong leaf', { ...good, leafHash: Buffer.from('WrongLeaf') }],
    ['empty root', { ...good, root: emptyRoot }],
    ['random root', { ...good, root: someHash }],
    ['no root', { ...good, root: none }],
    ['trailing garbage', { ...good, proof: [...proof, none] }],
    ['trailing root', { ...good, proof: [...proof, root] }],
    ['preceding garbage', { ...good, proof: [none, ...proof] }],
    ['preceding root', { ...good, proof: [root, ...proof] }],
    ...proof.map(
      (hash, at) => [`flipped ${at}`, { ...good, proof: proof.with(at, flip(hash)) }] as const,
    ),
    ...(proof.length > 0
      ? ([['removed component', { ...good, proof: proof.slice(0, -1) }]] as const)
      : []),
    ...(proof.length > 1
      ? ([['inserted', { ...good, proof: [proof[0]!, someHash, ...proof.slice(1)] }]] as const)
      : []),
  ]
}

function tamperedConsistencies(good: Consistency): (readonly [string, Consistency])[] {
  const { from, to, fromRoot, toRoot, proof } = good
  const wrong = Buffer.from('WrongRoot')
  const always: (readonly [string, Consistency])[] = [
    ['size1 - 1', { ...good, from: from - 1 }],
    ['size1 + 1', { ...good, from: from + 1 }],
    ['size1 ^ 2', { ...good, from: from ^ 2 }],
    ['size1 0', { ...good, from: 0 }],
    ['size2 * 2', { ...good, to: to * 2 }],
    ['size2 / 2', { ...good, to: Math.floor(to / 2) }],
    ['wrong root1', { ...good, fromRoot: wrong }],
    ['wrong root2', { ...good, toRoot: wrong }],
    ['trailing garbage', { ...good, proof: [...proof, none] }],
    ['trailing root1', { ...good, proof: [...proof, fromRoot] }],
    ['trailing root2', { ...good, proof: [...proof, toRoot] }],
    ['preceding garbage', { ...good, proof: [none, ...proof] }],
    ['preceding root1', { ...good, proof: [fromRoot, ...proof] }],
    ['preceding root2', { ...good, proof: [toRoot, ...proof] }],
    ...proof.map(
      (hash, at) => [`flipped ${at}`, { ...good, proof: proof.with(at, flip(hash, 16)) }] as const,
    ),
  ]
  if (proof.length === 0) return always
  return [
    ...always,
    ['swapped roots', { ...good, fromRoot: toRoot, toRoot: fromRoot }],
    ['empty proof', { ...good, proof: [] }],
    ['preceding proof[0]', { ...good, proof: [proof[0]!, ...proof] }],
    ['truncated proof', { ...good, proof: proof.slice(0, -1) }],
  ]
}

describe('the vectors of transparency-dev/merkle', () => {
  it.each(inclusions)('entry $index in $size is proved, and nothing tampered is', (good) => {
    expect(includes(good)).toBe(true)
    const passed = tamperedInclusions(good).filter(([, bad]) => includes(bad))
    expect(passed.map(([what]) => what)).toEqual([])
  })

  it.each(consistencies)('$from to $to is proved, and nothing tampered is', (good) => {
    expect(isConsistent(good)).toBe(true)
    const passed = tamperedConsistencies(good).filter(([, bad]) => isConsistent(bad))
    expect(passed.map(([what]) => what)).toEqual([])
  })
})

/** A published log of this many entries, and a reader of its tiles that serves no others. */
function logOf(entries: number): { hashesOf: (tile: Tile) => readonly Uint8Array[] } {
  const tiles = new GrowingTiles()
  for (let i = 0; i < entries; i += 1) tiles.append(Buffer.from(`entry ${i}`))
  const files = new Map(
    [...tiles.takeFull(), ...tiles.partial()].map(({ path, bytes: b }) => [path, b]),
  )
  return { hashesOf: (tile) => decodeTile(files.get(tilePath(tile))!, tile.width)! }
}

const entriesTo = (size: number): string[] => Array.from({ length: size }, (_, i) => `entry ${i}`)

describe('proofs out of tiles', () => {
  it('hold for every entry of every size up to 40, and no hash of them may change', () => {
    for (let size = 1; size <= 40; size += 1) {
      const { hashesOf } = logOf(size)
      const root = naiveRoot(entriesTo(size))
      for (let index = 0; index < size; index += 1) {
        const proof = inclusionRanges(index, size).map((r) => rangeHash(r, size, hashesOf))
        const good = { index, size, root, proof, leafHash: leafHash(`entry ${index}`) }
        expect(includes(good)).toBe(true)
        for (const at of proof.keys()) {
          expect(includes({ ...good, proof: proof.with(at, flip(proof[at]!)) })).toBe(false)
        }
      }
    }
  })

  it('hold between every two sizes up to 40, and no hash of them may change', () => {
    const { hashesOf } = logOf(40)
    const roots = Array.from({ length: 41 }, (_, size) => naiveRoot(entriesTo(size)))
    for (let to = 1; to <= 40; to += 1) {
      for (let from = 1; from <= to; from += 1) {
        const proof = consistencyRanges(from, to).map((r) => rangeHash(r, 40, hashesOf))
        const good = { from, to, fromRoot: roots[from]!, toRoot: roots[to]!, proof }
        expect(isConsistent(good)).toBe(true)
        for (const at of proof.keys()) {
          expect(isConsistent({ ...good, proof: proof.with(at, flip(proof[at]!)) })).toBe(false)
        }
      }
    }
  })

  it('hold across levels of tiles', () => {
    const size = 70_000
    const { hashesOf } = logOf(size)
    const root = rangeHash({ first: 0, end: size }, size, hashesOf)
    for (const index of [0, 255, 256, 65_535, 65_536, 69_888, size - 1]) {
      const ranges = inclusionRanges(index, size)
      expect(tilesOfRanges(ranges, size).length).toBeLessThanOrEqual(6)
      const proof = ranges.map((range) => rangeHash(range, size, hashesOf))
      expect(includes({ index, size, root, proof, leafHash: leafHash(`entry ${index}`) })).toBe(
        true,
      )
    }
    for (const from of [1, 255, 256, 257, 65_536, 65_537, size]) {
      const fromRoot = rangeHash({ first: 0, end: from }, size, hashesOf)
      const proof = consistencyRanges(from, size).map((range) => rangeHash(range, size, hashesOf))
      expect(isConsistent({ from, to: size, fromRoot, toRoot: root, proof })).toBe(true)
    }
  })

  it('are asked only for what exists', () => {
    expect(() => inclusionRanges(3, 3)).toThrow(RangeError)
    expect(() => inclusionRanges(-1, 3)).toThrow(RangeError)
    expect(() => consistencyRanges(0, 3)).toThrow(RangeError)
    expect(() => consistencyRanges(4, 3)).toThrow(RangeError)
    expect(() => tilesOfRanges([{ first: 0, end: 8 }], 4)).toThrow(RangeError)
  })

  it('are cut into perfect subtrees, widest first', () => {
    expect(subtreesOf({ first: 4, end: 7 })).toEqual([
      { level: 1, index: 2 },
      { level: 0, index: 6 },
    ])
    expect(subtreesOf({ first: 0, end: 0 })).toEqual([])
  })
})
