/** What a witness signs: C2SP tlog-cosignature v1, and the time that stands before its signature. */

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
