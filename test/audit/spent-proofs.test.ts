/** Proofs that were shown are remembered until they expire, and no more of them than there is room for. */
import { describe, expect, it } from '@jest/globals'
import { SpentProofs } from '../../service/audit/spent-proofs.ts'
import { digestOfText } from '../../service/statement/digest.ts'

const proof = (name: string, until: number) => ({ digest: digestOfText(name), until })

describe('spent proofs', () => {
  it('are spent until they expire, and not a second longer', () => {
    const spent = new SpentProofs(10)
    spent.spend([proof('a', 100)], 50)
    expect(spent.isSpent(proof('a', 100), 99)).toBe(true)
    expect(spent.isSpent(proof('a', 100), 100)).toBe(false)
    expect(spent.isSpent(proof('b', 100), 50)).toBe(false)
  })

  it('are spent by their digest, whatever end is said of them', () => {
    const spent = new SpentProofs(10)
    spent.spend([proof('a', 100)], 50)
    expect(spent.isSpent(proof('a', 1), 60)).toBe(true)
  })

  it('when there are too many, the next is not taken; when some have expired, it is', () => {
    const spent = new SpentProofs(3)
    spent.spend([proof('a', 100), proof('b', 90), proof('c', 100)], 50)
    expect(spent.hasRoom(1, 60)).toBe(false)
    expect(spent.hasRoom(0, 60)).toBe(true)
    expect(spent.hasRoom(1, 95)).toBe(true)
    expect(spent.size).toBe(2)
  })

  it('take no more memory than what has not expired', () => {
    const spent = new SpentProofs(1000)
    for (let now = 0; now < 100_000; now += 1) spent.spend([proof(String(now), now + 90)], now)
    expect(spent.size).toBeLessThanOrEqual(91)
  })
})
