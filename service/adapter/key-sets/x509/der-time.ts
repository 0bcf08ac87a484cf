/** Times of certificates (RFC 5280 section 4.1.2.5): whole seconds in UTC, two digits of a year until 2049. */
import { contentOf, MalformedDer, tags, type Der } from './der.ts'

/** Seconds since the epoch. @throws MalformedDer */
export function timeOf(element: Der | undefined): number {
  const digits =
    element?.tag === tags.utcTime ? longDigits(element) : textOf(element, tags.generalizedTime)
  if (!/^\d{14}Z$/.test(digits)) throw new MalformedDer('a time is none')
  const iso = digits.replace(/(....)(..)(..)(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6.000Z')
  const time = new Date(iso)
  // What the calendar does not have would be moved to another day.
  if (Number.isNaN(time.getTime()) || time.toISOString() !== iso)
    throw new MalformedDer('a time is none')
  return time.getTime() / 1000
}

function longDigits(element: Der): string {
  const text = textOf(element, tags.utcTime)
  return `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}`
}

function textOf(element: Der | undefined, tag: number): string {
  return Buffer.from(contentOf(element, tag)).toString('latin1')
}
