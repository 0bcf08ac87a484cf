/**
 * What a zone is called for short at a moment (`MST` of a layout). The runtime knows the names only where people of
 * some English locale use them; elsewhere the offset stands, as the zone database itself has it for most zones.
 */
const locales = ['en-US', 'en-GB', 'en-AU', 'en-NZ', 'en-IN', 'en-ZA', 'en-CA'] as const

export function zoneAbbreviation(nanoseconds: bigint, zone: string): string {
  if (zone === 'UTC') return 'UTC'
  const milliseconds = Number(nanoseconds / 1_000_000n)
  for (const locale of locales) {
    const format = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'short' })
    const name = format.formatToParts(milliseconds).find(({ type }) => type === 'timeZoneName')
    if (name !== undefined && /^[A-Z]{3,5}$/.test(name.value)) return name.value
  }
  const { offset } = Temporal.Instant.fromEpochNanoseconds(nanoseconds).toZonedDateTimeISO(zone)
  return offset.replace(/:00$/, '').replace(':', '')
}
