// Certificates that are to be explained, or that a proof is about: PEM, or a list of base64 as `x5c` carries it.

import { decodeChain } from '../../service/flow/decode-chain.ts'
import { usage } from '../command/command.ts'

export function isChain(text: string): boolean {
  return text.startsWith('-----BEGIN CERTIFICATE') || text.startsWith('[')
}

/** DER, the leaf first; null: what is there is no base64 of anything. @throws PdpError `usage`. */
export function chainIn(text: string): readonly Uint8Array[] | null {
  const x5c = text.startsWith('[') ? listIn(text) : blocksIn(text)
  if (x5c.length > 0) return decodeChain(x5c)
  throw usage(
    'Give certificates, the leaf first: PEM, or a JSON list of base64 as in x5c (a private key is never needed).',
  )
}

function listIn(text: string): readonly string[] {
  try {
    const list: unknown = JSON.parse(text)
    if (Array.isArray(list)) return list.filter((one) => typeof one === 'string')
  } catch {
    // Said once, for both forms.
  }
  return []
}

const block = /-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/gu

function blocksIn(text: string): readonly string[] {
  return [...text.matchAll(block)].map(([, base64 = '']) => base64.replace(/\s/gu, ''))
}
