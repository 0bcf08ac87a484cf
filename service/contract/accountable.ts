/** What every entry says that a person must look at again: who answers for it, and until when it was looked at. */
import { Type } from 'typebox'
import { Name } from './digest.ts'

/** The end of the year 9999. */
const lastSecond = 253_402_300_799

/**
 * Members of such an entry. Past `review_by` (seconds since the epoch) people are warned; past it and the registry's
 * `review_grace_seconds` policy denies what rests on the entry.
 */
export const accountable = {
  owner: Name,
  review_by: Type.Integer({ minimum: 0, maximum: lastSecond }),
}
