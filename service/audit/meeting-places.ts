/** Where several lists of places meet: by leaps, so that the work follows the shortest list and not the log. */

/** The first place of a list that is not before one; null when there is none. */
export type Postings = (from: number) => number | null

export type Places = {
  readonly places: readonly number[]
  /** Where to go on; null when nothing is left before the end. */
  readonly next: number | null
}

export type Bounds = {
  readonly from: number
  /** Not among them. */
  readonly to: number
  readonly most: number
  /** Looks into lists, after which it gives what it has. */
  readonly leaps: number
}

/** @param lists one at least, each in order */
export function meetingPlaces(lists: readonly Postings[], bounds: Bounds): Places {
  const places: number[] = []
  let candidate = bounds.from
  let agreed = 0
  for (let leap = 0; leap < bounds.leaps; leap += 1) {
    const place = lists[leap % lists.length]?.(candidate) ?? null
    if (place === null || place >= bounds.to) return { places, next: null }
    agreed = place === candidate ? agreed + 1 : 1
    candidate = place
    if (agreed < lists.length) continue
    places.push(place)
    candidate = place + 1
    agreed = 0
    if (places.length === bounds.most) break
  }
  return { places, next: candidate < bounds.to ? candidate : null }
}
