/** Purposes along a chain (RFC 5280 section 4.2.1.12): what an authority is not for, those below it are not for. */
import type { Certificate } from './certificate.ts'

export const anyPurpose = '2.5.29.37.0'

/** @param wanted one of them is enough */
export function areUsagesAllowed(
  chain: readonly Certificate[],
  wanted: readonly string[],
): boolean {
  if (wanted.includes(anyPurpose)) return true
  return wanted.some((purpose) =>
    chain.every(
      ({ facts: { usages } }) =>
        usages.length === 0 || usages.includes(anyPurpose) || usages.includes(purpose),
    ),
  )
}
