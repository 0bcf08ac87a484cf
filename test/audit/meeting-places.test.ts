/** Lists meet where a plain intersection says, whatever a page takes and however few leaps it is given. */
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { meetingPlaces } from '../../service/audit/meeting-places.ts'

const lists = fc.array(fc.uniqueArray(fc.nat(60)), { minLength: 1, maxLength: 4 })

function postings(places: readonly number[]): (from: number) => number | null {
  const sorted = [...places].sort((a, b) => a - b)
  return (from) => sorted.find((place) => place >= from) ?? null
}

describe('places where lists meet', () => {
  it('are those of all lists, each once and in order, over any number of pages', () => {
    const bounds = fc.record({
      from: fc.nat(30),
      to: fc.nat(70),
      most: fc.integer({ min: 1, max: 5 }),
      leaps: fc.integer({ min: 1, max: 9 }),
    })
    fc.assert(
      fc.property(lists, bounds, (all, { from, to, most, leaps }) => {
        const wanted = [...(all[0] ?? [])]
          .filter((place) => all.every((list) => list.includes(place)))
          .filter((place) => place >= from && place < to)
          .sort((a, b) => a - b)
        const found: number[] = []
        // A page of too few leaps could not come to any place: each list needs one.
        const enough = leaps + all.length
        for (let next: number | null = from; next !== null;) {
          const page = meetingPlaces(all.map(postings), { from: next, to, most, leaps: enough })
          expect(page.places.length).toBeLessThanOrEqual(most)
          expect(page.next === null || page.next > next).toBe(true)
          found.push(...page.places)
          next = page.next
        }
        expect(found).toEqual(wanted)
      }),
    )
  })
})
