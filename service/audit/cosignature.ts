/** What a witness signs: C2SP tlog-cosignature v1, and the time that stands before its signature. */
import { noteAlgorithm } from './note-key.ts'

/** The text that a witness signs for a checkpoint's text at a time in seconds. */
export function cosignedText(checkpoint: string, time: number): string {
  return `cosignature/v1\ntime ${time}\n${checkpoint}`
}

/** The two parts of a cosignature: seconds since the epoch, and 64 bytes of Ed25519. Null for another length. */
export function readCosignature(
  blob: Uint8Array,
): { readonly time: number; readonly signature: Uint8Array } | null {
  if (blob.length !== 72) return null
  const time = Number(new DataView(blob.buffer, blob.byteOffset).getBigUint64(0))
  return Number.isSafeInteger(time) ? { time, signature: blob.subarray(8) } : null
}

/** What an Ed25519 key of a note signs, and its signature, by the kind of key. Null when no key of that kind made it. */
export function signedPart(
  algorithm: number,
  text: string,
  blob: Uint8Array,
): { readonly text: string; readonly signature: Uint8Array } | null {
  if (algorithm === noteAlgorithm.ed25519) return { text, signature: blob }
  const read = algorithm === noteAlgorithm.cosignature ? readCosignature(blob) : null
  return read === null ? null : { text: cosignedText(text, read.time), signature: read.signature }
}
