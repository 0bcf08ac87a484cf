/** Whether a certificate is for a host (RFC 6125), as Go's x509.Certificate.VerifyHostname judges. */
import { parseAddress } from '../ip-network.ts'
import { type AlternativeNames, addressNumber } from './alternative-names.ts'

/** Addresses are held against addresses only; a star stands for the whole first label. */
export function isForHost({ domains, addresses }: AlternativeNames, host: string): boolean {
  const address = parseAddress(/^\[(.+)\]$/.exec(host)?.[1] ?? host)
  if (address !== null) return addresses.some((bytes) => addressNumber(bytes) === address)
  const name = lowerCase(host)
  return domains.some((domain) =>
    isHostName(name.replace(/\.$/, '')) && isPattern(domain)
      ? matches(lowerCase(domain), name.replace(/\.$/, ''))
      : isSame(lowerCase(domain), name),
  )
}

function matches(pattern: string, host: string): boolean {
  const [patternLabels, hostLabels] = [pattern.split('.'), host.split('.')]
  return (
    patternLabels.length === hostLabels.length &&
    patternLabels.every((label, i) => (i === 0 && label === '*') || label === hostLabels[i])
  )
}

function isSame(domain: string, host: string): boolean {
  return domain === host && !['', '.'].includes(host)
}

function isHostName(text: string): boolean {
  return text.split('.').every((label) => /^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(label))
}

function isPattern(text: string): boolean {
  return isHostName(text.replace(/^\*(?=\.)/, 'x'))
}

/** Of ASCII only. */
function lowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}
