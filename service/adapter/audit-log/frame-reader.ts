/**
 * Reads the frames of a log in order, from where it came to the last time.
 *
 * Only entries that are durable may be asked for: up to there, frames are whole.
 */
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { frameAt, type Frame } from '../../audit/frame.ts'
import { PdpError } from '../../contract/error-code.ts'
import type { LogFileSystem } from './file-system.ts'
import { segmentFirsts, segmentName, type Place, type Position } from './segments.ts'

/** Bytes that are read at a time; a larger frame is read whole. */
const pieceBytes = 512 * 1024

export type PlacedFrame = {
  readonly index: number
  readonly position: Position
  readonly frame: Frame
}

export class FrameReader {
  readonly #system: LogFileSystem
  readonly #directory: string
  #place: Place | null

  /** @param place where a frame begins that is likely to be asked for first */
  constructor(system: LogFileSystem, directory: string, place: Place | null = null) {
    this.#system = system
    this.#directory = directory
    this.#place = place
  }

  /**
   * The frames of the entries `from` to `to`, which is not among them. Not to be called before the call before it has resolved.
   *
   * @throws PdpError `log_corrupt` when something else lies there.
   */
  async read(from: number, to: number): Promise<readonly PlacedFrame[]> {
    const frames: PlacedFrame[] = []
    let place = this.#place?.index === from ? this.#place : await this.#segmentOf(from)
    while (place.index < to) {
      const piece = await this.#piece(place)
      const before = place
      for (let frame = frameAt(piece, 0, crc32); frame !== null;) {
        const { index, segment, offset }: Place = place
        const { bytes } = frame
        if (index >= from) frames.push({ index, position: { segment, offset, bytes }, frame })
        place = { index: index + 1, segment, offset: offset + bytes }
        if (place.index === to) break
        frame = frameAt(piece, place.offset - before.offset, crc32)
      }
      if (place === before) place = await this.#next(place)
    }
    this.#place = place
    return frames
  }

  /** The bytes from a place on: at least one whole frame, if there is one. */
  async #piece({ segment, offset }: Place): Promise<Uint8Array> {
    const path = this.#path(segment)
    const piece = await this.#system.readAt(path, offset, pieceBytes)
    const length = piece.length < 4 ? 0 : new DataView(piece.buffer, piece.byteOffset).getUint32(0)
    const isShort = length + 8 > piece.length && piece.length === pieceBytes
    return isShort ? await this.#system.readAt(path, offset, length + 8) : piece
  }

  /** Where no frame begins, the segment must have ended, and the next one begin with this very entry. */
  async #next({ index, segment, offset }: Place): Promise<Place> {
    const next = await this.#segmentOf(index)
    if (next.segment > segment && next.index === index) return next
    throw new PdpError(
      'log_corrupt',
      `${this.#path(segment)} does not hold entry ${String(index)} at byte ${String(offset)}.`,
    )
  }

  /** The beginning of the segment that holds an entry. */
  async #segmentOf(index: number): Promise<Place> {
    const firsts = segmentFirsts(await this.#system.list(this.#directory))
    const segment = firsts.findLast((first) => first <= index)
    if (segment === undefined)
      throw new PdpError(
        'log_corrupt',
        `${this.#directory} has no segment with entry ${String(index)}.`,
      )
    return { index: segment, segment, offset: 0 }
  }

  #path(segment: number): string {
    return join(this.#directory, segmentName(segment))
  }
}
