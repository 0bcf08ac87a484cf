// Shares of a bundle key: any so many of them make the key, and fewer say nothing of it (Shamir's secret sharing, by
// shamir-secret-sharing of Privy, which was audited by Cure53 and Zellic). A share says of which key it is, and the key that
// comes out must be that one: the arithmetic itself would give nonsense without a word.

import type { webcrypto } from 'node:crypto'
import { combine, split } from 'shamir-secret-sharing'
import { publicHalf } from '../../service/adapter/audit-log/keys/jwk.ts'
import { usage } from '../command/command.ts'
import { readPrivateFile } from './private-file.ts'

export interface Share {
  readonly countersign_share: 1
  /** RFC 7638 thumbprint of the key. */
  readonly kid: string
  readonly threshold: number
  readonly shares: number
  readonly number: number
  /** Base64url. */
  readonly share: string
}

export async function splitKey(
  jwk: webcrypto.JsonWebKey,
  threshold: number,
  shares: number,
): Promise<readonly Share[]> {
  const { kid } = publicHalf(jwk, 'the key')
  const parts = await split(new Uint8Array(Buffer.from(JSON.stringify(jwk))), shares, threshold)
  return parts.map((part, at) => ({
    ...{ countersign_share: 1, kid, threshold, shares, number: at + 1 },
    share: Buffer.from(part).toString('base64url'),
  }))
}

/** @throws PdpError `usage` for shares that do not make a key. */
export async function combineShares(files: readonly string[]): Promise<webcrypto.JsonWebKey> {
  const shares = files.map((file) => ({ file, share: readShare(file) }))
  const [first] = shares
  if (first === undefined) throw usage('Name the shares with --share, one for each.')
  const { kid, threshold } = first.share
  for (const { file, share } of shares) {
    if (share.kid !== kid)
      throw usage(
        `${file} is a share of the key ${share.kid}, and ${first.file} of ${kid}: name shares of one key.`,
      )
  }
  const numbers = new Set(shares.map(({ share }) => share.number))
  if (numbers.size < shares.length) throw usage('A share is named twice: name each once.')
  if (numbers.size < threshold) {
    throw usage(
      `${String(numbers.size)} of the ${String(threshold)} shares that are needed: name more with --share.`,
    )
  }
  const parts = shares.map(({ share }) => new Uint8Array(Buffer.from(share.share, 'base64url')))
  const key = await keyOf(parts)
  if (key !== null && publicKid(key) === kid) return key
  throw usage(
    'These shares do not make the key that they name: one was changed; take another share in its place.',
  )
}

async function keyOf(
  parts: readonly Uint8Array<ArrayBuffer>[],
): Promise<webcrypto.JsonWebKey | null> {
  try {
    return JSON.parse(Buffer.from(await combine([...parts])).toString()) as webcrypto.JsonWebKey
  } catch {
    // Told by the caller: the bytes may be those of a key, but for one.
    return null
  }
}

function publicKid(key: webcrypto.JsonWebKey): string | null {
  try {
    return publicHalf(key, 'the key').kid
  } catch {
    return null
  }
}

function readShare(file: string): Share {
  const what = 'a file that countersign keys split wrote'
  const text = readPrivateFile(file, what)
  try {
    const share = JSON.parse(text) as Partial<Share> | null
    if (
      share?.countersign_share === 1 &&
      typeof share.kid === 'string' &&
      typeof share.share === 'string' &&
      [share.threshold, share.shares, share.number].every((one) => Number.isSafeInteger(one))
    )
      return share as Share
  } catch {
    // Told below, without the text.
  }
  throw usage(`${file} is no share of a key; name ${what}.`)
}
