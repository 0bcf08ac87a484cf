/**
 * The segment files of one log: `<first index>.segment`, filled with zeros beforehand, one being written.
 *
 * A segment gets its name only when the one before it is full and durable, so a torn tail can lie in the
 * last one alone. A crash while the next one is prepared leaves `next.segment`, which is made anew.
 */
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { encodeFrames, frameBytes, type FrameContent } from '../../audit/frame.ts'
import type { LogFile, LogFileSystem } from './file-system.ts'

/** Where an entry lies: the first index of its segment, and the frame there. */
export type Position = { readonly segment: number; readonly offset: number; readonly bytes: number }

/** Where the frame of an entry begins, or will. */
export type Place = { readonly index: number; readonly segment: number; readonly offset: number }

/** Where writing goes on: the last segment and the end of its data; null for an empty log. */
export type LogEnd = { readonly segment: number; readonly offset: number } | null

type OpenSegment = {
  readonly file: LogFile
  readonly first: number
  /** Where the next frame goes. */
  end: number
  readonly capacity: number
}

const zeros = new Uint8Array(1024 * 1024)

export function segmentName(firstIndex: number): string {
  return `${String(firstIndex).padStart(20, '0')}.segment`
}

/** The first index, or null for any other file. */
export function firstIndexOf(name: string): number | null {
  return /^\d{20}\.segment$/u.test(name) ? Number(name.slice(0, 20)) : null
}

/** The first index of every segment among these files, in order. */
export function segmentFirsts(names: readonly string[]): readonly number[] {
  return names
    .map(firstIndexOf)
    .filter((first) => first !== null)
    .sort((a, b) => a - b)
}

export class Segments {
  readonly #system: LogFileSystem
  readonly #directory: string
  readonly #segmentBytes: number
  /** Entries that were written. */
  #size: number
  #current: OpenSegment | null = null
  #next: Promise<void>

  private constructor(
    system: LogFileSystem,
    directory: string,
    segmentBytes: number,
    size: number,
  ) {
    this.#system = system
    this.#directory = directory
    this.#segmentBytes = segmentBytes
    this.#size = size
    this.#next = this.#prepare()
  }

  static async open(
    system: LogFileSystem,
    directory: string,
    segmentBytes: number,
    size: number,
    end: LogEnd,
  ): Promise<Segments> {
    const segments = new Segments(system, directory, segmentBytes, size)
    if (end !== null) segments.#current = await segments.#open(end.segment, end.offset)
    return segments
  }

  /**
   * Writes entries in order and resolves once all are durable. When it rejects, any part of them may be
   * on disk, and nothing may be written to this log again: the kernel may have dropped what it failed to
   * write, and a second attempt would succeed without it.
   */
  async write(contents: readonly FrameContent[]): Promise<readonly Position[]> {
    const positions: Position[] = []
    let rest = contents
    while (rest.length > 0) {
      const current = this.#current
      const fitting = current === null ? 0 : howManyFit(rest, current.capacity - current.end)
      if (current !== null && (fitting > 0 || current.end === 0)) {
        // An entry that is larger than an empty segment makes the file longer.
        const run = rest.slice(0, Math.max(fitting, 1))
        positions.push(...(await this.#writeRun(current, run)))
        rest = rest.slice(run.length)
      } else {
        await this.#turn()
      }
    }
    return positions
  }

  async #writeRun(current: OpenSegment, run: readonly FrameContent[]): Promise<Position[]> {
    const bytes = encodeFrames(run, crc32)
    const written = await current.file.write(bytes, current.end)
    if (written !== bytes.length)
      throw new Error(`the disk took ${written} of ${bytes.length} bytes`)
    await current.file.sync()
    const positions = run.map((content) => {
      const position = { segment: current.first, offset: current.end, bytes: frameBytes(content) }
      current.end += position.bytes
      return position
    })
    this.#size += run.length
    return positions
  }

  /** Puts the prepared segment to use. Its name must be durable before an entry in it counts. */
  async #turn(): Promise<void> {
    await this.#next
    await this.#system.rename(this.#nextPath, join(this.#directory, segmentName(this.#size)))
    await this.#system.syncDirectory(this.#directory)
    const full = this.#current
    this.#current = await this.#open(this.#size, 0)
    await full?.file.close()
    this.#next = this.#prepare()
  }

  async #open(first: number, end: number): Promise<OpenSegment> {
    const file = await this.#system.openDurable(join(this.#directory, segmentName(first)))
    try {
      return { file, first, end, capacity: await file.length() }
    } catch (error) {
      await file.close()
      throw error
    }
  }

  get #nextPath(): string {
    return join(this.#directory, 'next.segment')
  }

  /** A failure is met where the segment is needed: until then the current one still takes entries. */
  #prepare(): Promise<void> {
    const prepared = this.#fillNext()
    prepared.catch(() => undefined)
    return prepared
  }

  async #fillNext(): Promise<void> {
    await this.#system.remove(this.#nextPath)
    const file = await this.#system.create(this.#nextPath)
    try {
      for (let filled = 0; filled < this.#segmentBytes; filled += zeros.length) {
        const piece = zeros.subarray(0, Math.min(zeros.length, this.#segmentBytes - filled))
        const written = await file.write(piece, filled)
        if (written !== piece.length) throw new Error('the disk is full')
      }
      await file.sync()
    } finally {
      await file.close()
    }
  }

  async close(): Promise<void> {
    await this.#next.catch(() => undefined)
    await this.#current?.file.close()
    this.#current = null
  }
}

function howManyFit(contents: readonly FrameContent[], room: number): number {
  let left = room
  for (const [index, content] of contents.entries()) {
    left -= frameBytes(content)
    if (left < 0) return index
  }
  return contents.length
}
