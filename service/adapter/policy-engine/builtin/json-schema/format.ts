/** The formats that OPA checks (internal/gojsonschema/format_checkers.go); others match everything. */
import { isIPv4, isIPv6 } from 'node:net'
import { isPattern } from './pattern.ts'

/** Only texts have a format. */
export function matchesFormat(format: string, text: string): boolean {
  return checks.get(format)?.(text) ?? true
}

const checks: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['date', isDate],
  ['time', isTime],
  ['date-time', isDateTime],
  ['hostname', isHostname],
  ['email', isMailAddress],
  ['idn-email', isMailAddress],
  ['ipv4', (text) => isIPv4(text) || (isIPv6(text) && text.includes('.'))],
  ['ipv6', (text) => isIPv6(text) && !text.includes('%')],
  ['uri', (text) => isReference(text) && /^[a-z][a-z\d+.-]*:/i.test(text)],
  ['uri-reference', isReference],
  ['iri', (text) => isReference(text) && /^[a-z][a-z\d+.-]*:/i.test(text)],
  ['iri-reference', isReference],
  ['uri-template', (text) => isReference(text) && /^(?:[^{}]|\{[^{}]*\})*$/.test(text)],
  ['uuid', (text) => /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)],
  ['regex', isPattern],
  ['json-pointer', (text) => /^(?:\/(?:[^~/]|~[01])*)*$/.test(text)],
  ['relative-json-pointer', (text) => /^(?:0|[1-9]\d*)(?:#|(?:\/(?:[^~/]|~[01])*)*)$/.test(text)],
])

function isDate(text: string): boolean {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? []
  // The 29th of February of the year 0 is one, too: years before 100 are not those of the last century.
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`)
  return year !== '' && !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day)
}

/** With or without an offset; leap seconds are none. */
function isTime(text: string): boolean {
  return /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:[.,]\d+)?(?:Z|[+-](?:[01]\d|2[0-4]):(?:[0-5]\d|60))?$/.test(
    text,
  )
}

/** A date or a time alone will do. */
function isDateTime(text: string): boolean {
  const [date = '', time] = text.split('T', 2)
  if (time === undefined) return isDate(text) || isTime(text)
  return (
    isDate(date) &&
    isTime(time) &&
    /(?:Z|[+-]\d\d:\d\d)$/.test(time) &&
    !text.slice(11).includes('T')
  )
}

function isHostname(text: string): boolean {
  const label = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i
  return text.length < 256 && text.split('.').every((part) => label.test(part))
}

/** An address alone or behind a name (RFC 5322), without its comments and groups. */
function isMailAddress(text: string): boolean {
  const [, inner] = /^[^<>]*<([^<>]*)>$/.exec(text) ?? []
  return /^(?:[^\s@<>()[\],;:\\".]+(?:\.[^\s@<>()[\],;:\\".]+)*|"(?:[^"\\]|\\.)*")@(?:[^\s@<>()[\],;:\\".]+(?:\.[^\s@<>()[\],;:\\".]+)*|\[[^\s[\]]*\])$/.test(
    inner ?? text.trim(),
  )
}

/** What Go can parse as an URL. */
function isReference(text: string): boolean {
  if (/[\u0000-\u001f\u007f\\]/.test(text)) return false
  // Behind a scheme and no slash it reads nothing.
  if (/^[a-z][a-z\d+.-]*:(?!\/)/i.test(text)) return true
  if (/%(?![\da-f]{2})/i.test(text)) return false
  const [start = ''] = text.split(/[/?#]/, 1)
  const isNamed = /^[a-z][a-z\d+.-]*:/i.test(start)
  const [, host = ''] = /^(?:[a-z][a-z\d+.-]*:)?\/\/([^/?#]*)/i.exec(text) ?? []
  return (isNamed || !start.includes(':')) && !/[\s<>"^`{|}]/.test(host)
}
