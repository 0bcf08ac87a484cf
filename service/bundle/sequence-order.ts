/** The order of releases: a validly signed bundle that is older than what was activated is refused. */
import { refusal } from './refusal.ts'

type Sequenced = {
  readonly name: string
  readonly roots: readonly string[]
  readonly sequence: number
}

/**
 * @param floors the highest sequence that was activated, by root
 * @throws PdpError `bundle_refused` (`sequence_backwards`)
 */
export function checkSequence(
  bundles: readonly Sequenced[],
  floors: Readonly<Record<string, number>>,
): void {
  for (const { name, roots, sequence } of bundles) {
    const floor = Math.max(-1, ...roots.map((root) => floors[root] ?? -1))
    if (sequence >= floor) continue
    throw refusal(
      'sequence_backwards',
      name,
      `its sequence ${sequence} is below ${floor}, which was active: release it with a higher one, or roll back`,
    )
  }
}
