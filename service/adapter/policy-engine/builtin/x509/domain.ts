/** Domain names as Go's crypto/x509 lets them pass: printable labels, with no dot at the end. */

export function isDomain(text: string): boolean {
  return text === '' || (/^[!-~]+$/.test(text) && !text.split('.').includes(''))
}

/** Of a name constraint: a dot in front means its subdomains only. */
export function isDomainConstraint(text: string): boolean {
  return isDomain(text.replace(/^\./, ''))
}
