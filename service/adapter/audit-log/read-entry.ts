/** An entry as it lies in a segment, read; what was disclosed beside it stays sealed. */
import type { Frame } from '../../audit/frame.ts'
import type { Leaf } from '../../contract/leaf.ts'
import type { Position } from './segments.ts'
import { readToken } from './token.ts'

export type ReadEntry = {
  readonly token: string
  readonly leaf: Leaf
  readonly payload: string
  readonly position: Position
}

/** Null when the frame does not hold the entry of that index. */
export function readEntry(frame: Frame, position: Position, index: number): ReadEntry | null {
  const token = Buffer.from(frame.leaf).toString('latin1')
  const read = readToken(token)
  return read?.leaf.index === index ? { token, ...read, position } : null
}
