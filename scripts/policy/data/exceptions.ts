// Exceptions: each must still hold, and waive something that there is and that may be waived.

import type { Registry } from '../../../service/contract/registry.ts'
import type { Rule } from '../catalogue/rules.ts'
import { dayOf } from './day.ts'
import type { Finding } from './finding.ts'

/** @param now in seconds */
export function exceptionFindings(
  { exceptions, servers }: Registry,
  rules: readonly Rule[],
  now: number,
): readonly Finding[] {
  const byCode = new Map(rules.map(({ custom }) => [custom.code, custom]))
  return exceptions.flatMap((exception, i) => {
    const { id, code, server, capability, not_before: from, expires_at: until } = exception
    const at = (member: string): string => `/exceptions/${String(i)}/${member}`
    const custom = byCode.get(code)
    const known = servers[server]
    const checks: readonly (readonly [boolean, string, Finding['severity'], string, string])[] = [
      [
        until > from,
        'expires_at',
        'error',
        'data.exception_empty',
        'ends before it begins: it never holds',
      ],
      [
        until <= from || until > now,
        'expires_at',
        'warning',
        'data.exception_expired',
        `expired on ${dayOf(until)}: take it out, or have it decided again`,
      ],
      [
        custom !== undefined,
        'code',
        'error',
        'data.unknown_code',
        `waives ${code}, which no rule of this policy gives: correct the code`,
      ],
      [
        custom?.waivable !== false,
        'code',
        'error',
        'data.not_waivable',
        `waives ${code}, which cannot be waived: take it out`,
      ],
      [
        known === undefined || Object.hasOwn(known.capabilities, capability),
        'capability',
        'error',
        'data.unknown_capability',
        `is for ${capability}, which the server ${server} does not have: register it, or correct the name`,
      ],
    ]
    return checks
      .filter(([holds]) => !holds)
      .map(([, member, severity, kind, text]) => ({
        ...{ pointer: at(member), severity, code: kind, message: `the exception ${id} ${text}` },
      }))
  })
}
