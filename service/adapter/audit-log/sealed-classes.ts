/**
 * How the classes of a record lie behind its leaf: `[u8 3][u8 count]`, then of each class
 * `[u8 length][name][16 bytes: id of its key][32 bytes: its digest][u32 length][box]`, big-endian.
 *
 * Name and digest lie in the clear: by them the rest of a record verifies once a class has ended, and they say nothing of a value.
 * A record that begins with anything but 3 is of an earlier version: `[16 bytes: id of its key][box]`.
 */
import type { Digest } from '../../contract/digest.ts'

const version = 3
export const keyIdBytes = 16
const digestBytes = 32

export type SealedClass = {
  readonly name: string
  readonly keyId: string
  readonly digest: Digest
  readonly box: Uint8Array
}

export function encodeClasses(classes: readonly SealedClass[]): Uint8Array {
  const parts = classes.flatMap(({ name, keyId, digest, box }) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(box.length)
    return [
      Buffer.of(name.length),
      Buffer.from(`${name}${keyId}`, 'latin1'),
      Buffer.from(digest.slice('sha256:'.length), 'hex'),
      ...[length, box],
    ]
  })
  return Buffer.concat([Buffer.of(version, classes.length), ...parts])
}

/** Null when it is of an earlier version. @throws RangeError when it ends too early. */
export function decodeClasses(given: Uint8Array): readonly SealedClass[] | null {
  if (given[0] !== version) return null
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength)
  const classes: SealedClass[] = []
  let at = 2
  const take = (count: number): Buffer => {
    if (at + count > bytes.length) throw new RangeError('what lies beside a leaf ends too early')
    at += count
    return bytes.subarray(at - count, at)
  }
  for (let left = bytes.readUInt8(1); left > 0; left -= 1) {
    const name = take(take(1).readUInt8(0)).toString('latin1')
    const keyId = take(keyIdBytes).toString('latin1')
    const digest = `sha256:${take(digestBytes).toString('hex')}`
    classes.push({ name, keyId, digest, box: take(take(4).readUInt32BE(0)) })
  }
  return classes
}

/** What a box belongs to: no box of another leaf or class can stand in its place. */
export function boxContext(jti: string, name: string): string {
  return `${jti} ${name}`
}
