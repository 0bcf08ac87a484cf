// Every check of a project's data, each finding where it was written.

import type { Rule } from '../catalogue/rules.ts'
import type { RegistryData } from '../registry-data.ts'
import type { Remark } from '../remark.ts'
import { workloadVoterFindings } from './approvals.ts'
import { unreadablePatterns } from './bounds.ts'
import { exceptionFindings } from './exceptions.ts'
import type { Finding } from './finding.ts'
import { groupFindings } from './groups.ts'
import { observationFindings } from './observations.ts'
import { purposeFindings } from './purposes.ts'
import { sharedIdentities, unknownServers, wrongKinds } from './references.ts'

/** @param now in seconds */
export interface DataContext {
  readonly rules: readonly Rule[]
  readonly tokenGroups: readonly string[]
  /** In seconds. */
  readonly now: number
}

export function checkData(
  data: RegistryData,
  { rules, tokenGroups, now }: DataContext,
): readonly Remark[] {
  const { registry, faults } = data
  if (registry === null) return faults
  return placed(data, [
    ...unknownServers(registry),
    ...wrongKinds(registry),
    ...sharedIdentities(registry),
    ...groupFindings(registry, tokenGroups),
    ...workloadVoterFindings(registry),
    ...purposeFindings(registry),
    ...exceptionFindings(registry, rules, now),
    ...observationFindings(registry, rules, now),
    ...unreadablePatterns(registry),
  ])
}

export function placed({ placeOf }: RegistryData, findings: readonly Finding[]): readonly Remark[] {
  return findings.map(({ pointer, ...finding }) => ({ ...placeOf(pointer), ...finding }))
}
