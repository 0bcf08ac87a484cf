// What people must look at again, and what ends by itself, each with how soon.

import type { PepRegistration } from '../../service/contract/pep-registration.ts'
import type { Registry } from '../../service/contract/registry.ts'
import { type Review, reviewsOf } from '../../service/decision/reviews.ts'

/** As readiness and policy draw the line, and `soon`: inside the days that were asked for. */
export type DueReview = Omit<Review, 'state'> & { readonly state: Review['state'] | 'soon' }

/** An entry with an end of its own: after it an exception waives nothing, and nothing is observed any more. */
export interface Ending {
  readonly entry: 'exception' | 'observe'
  readonly name: string
  readonly owner: string
  /** Seconds since the epoch. */
  readonly expires_at: number
  readonly state: 'current' | 'soon' | 'expired'
}

export interface Due {
  readonly reviews: readonly DueReview[]
  readonly endings: readonly Ending[]
}

/** Both lists begin with what is first. @param now and @param window in seconds */
export function dueOf(
  registry: Registry,
  peps: readonly PepRegistration[],
  now: number,
  window: number,
): Due {
  const reviews = reviewsOf(registry, peps, now).map((review): DueReview =>
    review.state === 'current' && review.review_by <= now + window
      ? { ...review, state: 'soon' }
      : review,
  )
  const ending = (entry: Ending['entry'], { id, owner, expires_at: end }: Ends): Ending => ({
    ...{ entry, name: id, owner, expires_at: end },
    state: end <= now ? 'expired' : end <= now + window ? 'soon' : 'current',
  })
  const endings = [
    ...registry.exceptions.map((exception) => ending('exception', exception)),
    ...(registry.observe ?? []).map((entry) => ending('observe', entry)),
  ]
  return { reviews, endings: endings.toSorted((a, b) => a.expires_at - b.expires_at) }
}

interface Ends {
  readonly id: string
  readonly owner: string
  readonly expires_at: number
}
