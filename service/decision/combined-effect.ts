/** How findings and grounds make an effect: deny beats hold beats permit, and a permit needs a ground. */
import type { Effect, Finding, Ground } from '../contract/policy-result.ts'

/** @param standing findings that no exception waives */
export function combinedEffect(
  standing: readonly Pick<Finding, 'effect'>[],
  grounds: readonly Ground[],
): Effect {
  if (grounds.length === 0 || standing.some(({ effect }) => effect === 'deny')) return 'deny'
  return standing.length === 0 ? 'permit' : 'hold'
}
