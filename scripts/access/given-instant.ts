// An instant that an option names: RFC 3339, or a day, which begins at midnight UTC.

import { readInstant } from '../../service/contract/instant.ts'
import { optionalText } from '../policy/arguments.ts'
import { type Call, usage } from '../command/command.ts'

/** Seconds since the epoch; null when the option is not given. @throws PdpError `usage`. */
export function givenInstant(call: Call, name: string): number | null {
  const text = optionalText(call, name)
  if (text === undefined) return null
  const instant = readInstant(/^\d{4}-\d{2}-\d{2}$/u.test(text) ? `${text}T00:00:00Z` : text)
  if (instant !== null) return instant
  throw usage(`--${name} ${text}: write a day, 2026-10-31, or an instant, 2026-10-31T18:00:00Z.`)
}

export const atOptions = { at: { type: 'string' } } as const

export const atUsage =
  '  --at <date>            as it will be, or was, at that time (default: now); a day or RFC 3339'

/** Seconds since the epoch. @throws PdpError `usage`. */
export function instantAsked(call: Call): number {
  return givenInstant(call, 'at') ?? Math.floor(Date.now() / 1000)
}
