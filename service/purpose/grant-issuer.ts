/** The name of whoever issues the grants of a log: `iss` of each. */
export function grantIssuerOf(origin: string): string {
  return `https://${origin}`
}
