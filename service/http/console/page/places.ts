/** Where a person can go from any page: only what she may see. */
import type { Visit } from '../visit.ts'
import { awaitedFrom } from '../awaited.ts'

type Place = readonly [path: string, label: string, count: number | null]

export function placesOf(visit: Visit): readonly Place[] {
  return [['/console', 'Approvals', awaitedFrom(visit).length]]
}
