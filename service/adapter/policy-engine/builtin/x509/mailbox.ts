/** Mailboxes of certificates (RFC 2821 section 4.1.2), as far as Go lets them pass. */

export type Mailbox = { readonly local: string; readonly domain: string }

const quoted =
  /^"((?:[\u0001-\u0008\u000b\u000c\u000e-!#-[\]-\u007f]|\\[\u0001-\u0009\u000b\u000c\u000e-\u007f])*)"@(.*)$/s
const atoms = /^((?:[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.]|\\[^])+)@(.*)$/s

/** Null when it is none. */
export function parseMailbox(text: string): Mailbox | null {
  const [, local = '', domain = ''] = quoted.exec(text) ?? atoms.exec(text) ?? []
  if (local === '' && !text.startsWith('""@')) return null
  const plain = local.replace(/\\([^])/g, '$1')
  if (!text.startsWith('"') && /^\.|\.$|\.\./.test(plain)) return null
  return isReversible(domain) ? { local: plain, domain } : null
}

/** Its labels are printable and none is empty; nothing at all is let pass. */
function isReversible(domain: string): boolean {
  return domain === '' || (/^[!-~]+$/.test(domain) && !domain.split('.').includes(''))
}
