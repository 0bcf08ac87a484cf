/** Seals what is disclosed beside a leaf, class by class, and opens again the classes whose keys exist. */
import type { Draft } from '../../audit/draft.ts'
import {
  composeDisclosure,
  digestInLeaf,
  openedClasses,
  openedDisclosure,
  type OpenedDisclosure,
} from '../../audit/disclosure.ts'
import { keepingFor, periodOf } from '../../audit/keeping.ts'
import {
  boxContext,
  decodeClasses,
  encodeClasses,
  keyIdBytes,
  type SealedClass,
} from './sealed-classes.ts'
import type { LeafDisclosure, Sequence } from '../../audit/sequence.ts'
import { PdpError } from '../../contract/error-code.ts'
import type { Leaf } from '../../contract/leaf.ts'
import type { DataKeys, KeyUsed } from './data-keys.ts'
import { freshBytes, seal, unseal } from './sealed-box.ts'

type SealedDisclosure = {
  readonly bytes: Uint8Array
  readonly inLeaf: LeafDisclosure | null
}

const nothing: SealedDisclosure = { bytes: new Uint8Array(0), inLeaf: null }
const none: OpenedDisclosure = { value: null, ended: [] }

function sealDisclosure(keys: DataKeys, draft: Draft, used: KeyUsed): SealedDisclosure {
  if (draft.disclosure === null) return nothing
  const { subject, keeping = keepingFor(null, null) } = draft.disclosure
  const { classes, digest } = composeDisclosure(freshSalt, draft.disclosure)
  const sealed = classes.map(({ name, digest: own, text }): SealedClass => {
    const period = periodOf(keeping.keepDays(name))
    const { id, key } = keys.keyFor({ subject, name, period }, used)
    const box = seal(key, text, boxContext(draft.claims.jti, name))
    return { name, keyId: id, digest: own, box }
  })
  return { bytes: encodeClasses(sealed), inLeaf: { digest, subject } }
}

/** @throws PdpError `audit_unavailable`: then nothing is recorded. */
export function sealOrRefuse(
  dataKeys: DataKeys,
  { size, time, erasures }: Sequence,
  draft: Draft,
): SealedDisclosure {
  try {
    return sealDisclosure(dataKeys, draft, {
      index: size,
      at: Math.max(draft.now, time),
      erased: draft.disclosure === null ? -1 : erasures.upTo(draft.disclosure.subject),
    })
  } catch (cause) {
    throw new PdpError('audit_unavailable', 'What is disclosed cannot be sealed.', { cause })
  }
}

function freshSalt(): string {
  return freshBytes(16).toString('base64url')
}

/** What is left of it; null as value when there is none or all of it has ended. @throws PdpError `log_corrupt`. */
export function openDisclosure(keys: DataKeys, leaf: Leaf, bytes: Uint8Array): OpenedDisclosure {
  if (bytes.length === 0) return none
  const opened = openedOr(keys, leaf, bytes)
  if (opened !== null) return opened
  throw new PdpError(
    'log_corrupt',
    `What was disclosed beside entry ${leaf.index} is not what it says.`,
  )
}

/** Null when it is not the leaf's. */
function openedOr(keys: DataKeys, leaf: Leaf, bytes: Uint8Array): OpenedDisclosure | null {
  const classes = decodeClasses(bytes)
  if (classes === null) return openedWhole(keys, leaf, bytes)
  const read = classes.map(({ name, digest, keyId, box }) => {
    const dataKey = keys.keyById(keyId)
    if (dataKey === null) return { name, digest, text: null }
    const text = unseal(dataKey.key, box, boxContext(leaf.jti, name))
    return text === null ? null : { name, digest, text: text.toString() }
  })
  const whole = read.filter((one) => one !== null)
  return whole.length === read.length ? openedClasses(whole, digestInLeaf(leaf)) : null
}

/** Of an earlier version, under one key. */
function openedWhole(keys: DataKeys, leaf: Leaf, bytes: Uint8Array): OpenedDisclosure | null {
  const sealed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const dataKey = keys.keyById(sealed.toString('latin1', 0, keyIdBytes))
  if (dataKey === null) return { value: null, ended: ['record'] }
  const text = unseal(dataKey.key, sealed.subarray(keyIdBytes), leaf.jti)?.toString()
  return text === undefined ? null : openedDisclosure(text, digestInLeaf(leaf))
}
