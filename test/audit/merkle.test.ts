import { describe, expect, it } from '@jest/globals'
import { emptyRoot, GrowingTree, leafHash } from '../../service/audit/merkle.ts'
import { naiveRoot } from './naive-tree.ts'

/** The tree that the implementations of RFC 6962 test each other with. */
const known: readonly (readonly [leaf: string, root: string])[] = [
  ['', '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
  ['00', 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
  ['10', 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
  ['2021', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
  ['3031', '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
  ['40414243', '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
  ['5051525354555657', 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
  [
    '606162636465666768696a6b6c6d6e6f',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ],
]

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

describe('the Merkle tree', () => {
  it('has the roots of RFC 6962 for the known entries', () => {
    const tree = new GrowingTree()
    expect(hex(tree.root())).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    )
    for (const [leaf, root] of known) {
      tree.append(leafHash(Buffer.from(leaf, 'hex')))
      expect(hex(tree.root())).toBe(root)
    }
  })

  it('agrees with the recursive definition at every size up to 100', () => {
    const tree = new GrowingTree()
    const entries: string[] = []
    expect(tree.root()).toEqual(emptyRoot)
    for (let size = 1; size <= 100; size += 1) {
      entries.push(`entry ${size}`)
      tree.append(leafHash(`entry ${size}`))
      expect(tree.size).toBe(size)
      expect(hex(tree.root())).toBe(hex(naiveRoot(entries)))
    }
  })

  it('changes its root with any entry, and with their order', () => {
    const rootOf = (entries: readonly string[]): string => {
      const tree = new GrowingTree()
      for (const entry of entries) tree.append(leafHash(entry))
      return hex(tree.root())
    }
    const entries = Array.from({ length: 13 }, (_, i) => `entry ${i}`)
    const roots = [rootOf(entries), rootOf([...entries].reverse())]
    for (let i = 0; i < entries.length; i += 1) roots.push(rootOf(entries.with(i, 'another')))
    for (let i = 0; i <= entries.length; i += 1) roots.push(rootOf(entries.toSpliced(i, 0, 'more')))
    expect(new Set(roots).size).toBe(roots.length)
  })

  it('hashes text as the bytes it is', () => {
    expect(hex(leafHash('abc.def'))).toBe(hex(leafHash(Buffer.from('abc.def'))))
  })

  it('never takes a node for a leaf', () => {
    const [left, right] = [leafHash('left'), leafHash('right')]
    const tree = new GrowingTree()
    tree.append(left)
    tree.append(right)
    expect(hex(leafHash(Buffer.concat([left, right])))).not.toBe(hex(tree.root()))
  })
})
