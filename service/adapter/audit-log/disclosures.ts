/** Seals what is disclosed beside a leaf, and opens it again while its key exists. */
import type { Draft } from '../../audit/draft.ts'
import { composeDisclosure, digestInLeaf, openedDisclosure } from '../../audit/disclosure.ts'
import type { LeafDisclosure } from '../../audit/sequence.ts'
import { PdpError } from '../../contract/error-code.ts'
import type { Leaf } from '../../contract/leaf.ts'
import type { DataKeys, KeyUsed } from './data-keys.ts'
import { freshBytes, seal, unseal } from './sealed-box.ts'

export type SealedDisclosure = {
  readonly bytes: Uint8Array
  readonly inLeaf: LeafDisclosure | null
}

/** Of a key's id, in base64url; it stands in the clear before the box. */
const keyIdBytes = 16
const nothing: SealedDisclosure = { bytes: new Uint8Array(0), inLeaf: null }

export function sealDisclosure(keys: DataKeys, draft: Draft, used: KeyUsed): SealedDisclosure {
  if (draft.disclosure === null) return nothing
  const { subject } = draft.disclosure
  const salt = freshBytes(16).toString('base64url')
  const { text, digest } = composeDisclosure(salt, draft.disclosure)
  const { id, key } = keys.keyFor(subject, used)
  return {
    bytes: seal(key, text, draft.claims.jti, id),
    inLeaf: { digest, subject },
  }
}

/** The value; null when there is none or its key was erased. @throws PdpError `log_corrupt`. */
export function openDisclosure(keys: DataKeys, leaf: Leaf, bytes: Uint8Array): unknown {
  if (bytes.length === 0) return null
  const sealed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const dataKey = keys.keyById(sealed.toString('latin1', 0, keyIdBytes))
  if (dataKey === null) return null
  const text = unseal(dataKey.key, sealed.subarray(keyIdBytes), leaf.jti)?.toString()
  const opened = text === undefined ? null : openedDisclosure(text, digestInLeaf(leaf))
  if (opened !== null) return opened.value
  throw new PdpError(
    'log_corrupt',
    `What was disclosed beside entry ${leaf.index} is not what it says.`,
  )
}
