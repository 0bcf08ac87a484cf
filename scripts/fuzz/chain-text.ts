// Certificates as `x5c` carries them, in one text: base64 of DER, a comma between.

import type { Chain } from './hostile-chain.ts'
import type { Random } from './random.ts'

export function textOf(chain: Chain): string {
  return chain.map((one) => one.toString('base64')).join(',')
}

/** As they stand there, however that is spelt. */
export function x5cOf(text: string): string[] {
  return text.split(',')
}

/** What a strict reader makes of it; only for what `textOf` wrote. */
export function chainOf(text: string): readonly Uint8Array[] {
  return text === '' ? [] : x5cOf(text).map((one) => Uint8Array.from(Buffer.from(one, 'base64')))
}

/** Another spelling of the same certificates. */
export function misspelt(text: string, random: Random): string {
  const at = random.below(text.length)
  const padded = text.endsWith('=') ? text.replace(/=+$/u, '') : `${text}====`
  const urlSafe = text.replaceAll('+', '-').replaceAll('/', '_')
  return random.pick([
    padded,
    urlSafe === text ? `${text}-` : urlSafe,
    `${text.slice(0, at)}\n${text.slice(at)}`,
    `${text.slice(0, at)} ${text.slice(at)}`,
    `${text.slice(0, at)}.${text.slice(at + 1)}`,
    `${text},`,
    `${text}A`,
  ])
}
