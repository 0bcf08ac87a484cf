/**
 * What the gateway must know again when a client of the modern era calls a second time: sealed into
 * `requestState`, which passes through the client, around the server's own state.
 *
 * AES-256-GCM under a key of this process; bound to caller and call, and short-lived. Whatever does
 * not open is no state.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Input } from './input.ts'

/** What a server asked, and the decision that let it. */
export type AskedInput = { readonly input: Input; readonly decision: string }

export type RoundState = {
  /** Digest of caller, method and arguments: the state of one call opens no other. */
  readonly call: string
  /** The number of the round that answers these. */
  readonly round: number
  readonly asked: readonly AskedInput[]
  /** The server's own state, given back to it unchanged. */
  readonly inner: unknown
  /** Milliseconds since the epoch. */
  readonly expires: number
}

export type Sealer = {
  readonly seal: (state: RoundState) => string
  readonly open: (sealed: unknown, call: string, now: number) => RoundState | null
}

export function createSealer(): Sealer {
  const key = randomBytes(32)
  return {
    seal: (state) => {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const body = Buffer.concat([cipher.update(JSON.stringify(state), 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')
    },
    open: (sealed, call, now) => {
      const state =
        typeof sealed === 'string' ? decrypt(key, Buffer.from(sealed, 'base64url')) : null
      return state?.call === call && state.expires > now ? state : null
    },
  }
}

function decrypt(key: Buffer, sealed: Buffer): RoundState | null {
  try {
    const nonce = sealed.subarray(0, 12)
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 })
    decipher.setAuthTag(sealed.subarray(12, 28))
    const text = Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()])
    return JSON.parse(text.toString('utf8')) as RoundState
  } catch {
    return null
  }
}
