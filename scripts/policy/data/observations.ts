// Entries of `observe`: each must be for something that there is and that may be observed, and still be in force.

import { limits } from '../../../service/contract/limits.ts'
import type { Observation } from '../../../service/contract/observation.ts'
import type { Registry } from '../../../service/contract/registry.ts'
import { lastsTooLong } from '../../../service/decision/observe.ts'
import { entryOf } from '../catalogue/entry.ts'
import type { Rule } from '../catalogue/rules.ts'
import { dayOf } from './day.ts'
import type { Finding } from './finding.ts'

type Fault = readonly [member: string, severity: Finding['severity'], code: string, says: string]

/** @param now in seconds */
export function observationFindings(
  { observe = [], servers }: Registry,
  rules: readonly Rule[],
  now: number,
): readonly Finding[] {
  const ids = observe.map(({ id }) => id)
  return observe.flatMap((entry, i) =>
    [
      ...(ids.indexOf(entry.id) === i ? [] : [twice]),
      ...serverFaults(entry, servers),
      ...codeFaults(entry, rules),
      ...timeFaults(entry, now),
    ].map(([member, severity, code, says]) => ({
      ...{ pointer: `/observe/${String(i)}/${member}`, severity, code },
      message: `the entry ${entry.id} of observe ${says}`,
    })),
  )
}

const twice: Fault = [
  ...(['id', 'error', 'data.observe_twice'] as const),
  'has the id of another: decisions name what they rest on, so give each its own',
]

function serverFaults(entry: Observation, servers: Registry['servers']): readonly Fault[] {
  if (!('server' in entry) || Object.hasOwn(servers, entry.server)) return []
  const says = `names the server ${entry.server}, which is not registered: register it, or correct the name`
  return [['server', 'error', 'data.unknown_server', says]]
}

function codeFaults(entry: Observation, rules: readonly Rule[]): readonly Fault[] {
  if (entry.scope !== 'rule') return []
  const { code } = entry
  const rule = rules.find(({ place: [tree], custom }) => tree === 'rule' && custom.code === code)
  if (rule === undefined) {
    const says = `observes ${code}, which no rule of this policy gives: correct the code`
    return [['code', 'error', 'data.unknown_code', says]]
  }
  if (entryOf(rule).observable) return []
  const says = `observes ${code}, which is never observed, so that it has no effect: take it out`
  return [['code', 'error', 'data.not_observable', says]]
}

function timeFaults(entry: Observation, now: number): readonly Fault[] {
  const { not_before: from, expires_at: end } = entry
  const at = (severity: Finding['severity'], code: string, says: string): readonly Fault[] => [
    ['expires_at', severity, code, says],
  ]
  if (end <= from) return at('error', 'data.observe_empty', 'ends before it begins: it never holds')
  if (lastsTooLong(entry)) {
    const days = String(limits.observationSeconds / 86_400)
    const says = `lasts longer than ${days} days, so that it is never in force: end it sooner`
    return at('error', 'data.observe_too_long', says)
  }
  if (end > now) return []
  const says = `ended on ${dayOf(end)}: take it out, or have it decided again`
  return at('warning', 'data.observe_expired', says)
}
