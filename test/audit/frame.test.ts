import { describe, expect, it } from '@jest/globals'
import { crc32 } from 'node:zlib'
import { encodeFrames, frameAt, frameBytes, type FrameContent } from '../../service/audit/frame.ts'
import { scanSegment } from '../../service/audit/scan.ts'

const contents: readonly FrameContent[] = [
  { leaf: 'eyJ.first.sig', disclosure: Buffer.from('sealed') },
  { leaf: 'eyJ.second.sig', disclosure: Buffer.alloc(0) },
  { leaf: 'eyJ.third.sig', disclosure: Buffer.alloc(300, 0xff) },
]

function segmentOf(writes: readonly (readonly FrameContent[])[], bytes = 2048): Uint8Array {
  const data = Buffer.concat(writes.map((write) => encodeFrames(write, crc32)))
  return Buffer.concat([data, Buffer.alloc(bytes - data.length)])
}

const leaves = (segment: Uint8Array): string[] =>
  scanSegment(segment, crc32).frames.map(({ leaf }) => Buffer.from(leaf).toString())

describe('frames', () => {
  it('come back as they were written, at the places that were computed', () => {
    const scan = scanSegment(segmentOf([contents]), crc32)
    expect(scan.tail).toBe('clean')
    let offset = 0
    for (const [i, frame] of scan.frames.entries()) {
      const content = contents[i]!
      expect(Buffer.from(frame.leaf).toString()).toBe(content.leaf)
      expect(Buffer.from(frame.disclosure).equals(content.disclosure)).toBe(true)
      expect(frame).toMatchObject({ offset, bytes: frameBytes(content), ordinal: i })
      offset += frameBytes(content)
    }
    expect(scan.end).toBe(offset)
  })

  it('end where the segment ends, when it is full to the last byte', () => {
    const full = encodeFrames(contents, crc32)
    expect(scanSegment(full, crc32)).toMatchObject({ tail: 'clean', end: full.length })
  })

  it('refuse a leaf that is not ASCII', () => {
    expect(() => encodeFrames([{ leaf: 'é', disclosure: Buffer.alloc(0) }], crc32)).toThrow('ASCII')
  })

  it('are refused with any single bit flipped', () => {
    const bytes = encodeFrames(contents.slice(0, 1), crc32)
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      expect(frameAt(flipped, 0, crc32)).toBeNull()
    }
  })
})

describe('the tail of a segment', () => {
  const before = segmentOf([contents.slice(0, 1), contents.slice(1)])
  const { frames } = scanSegment(before, crc32)
  const last = frames[2]!

  it('is torn, and the entries before it whole, wherever the last write broke off', () => {
    for (let at = last.offset + 1; at < last.offset + last.bytes; at += 1) {
      const torn = Buffer.from(before)
      torn.fill(0, at)
      const scan = scanSegment(torn, crc32)
      expect(leaves(torn)).toEqual([contents[0]!.leaf, contents[1]!.leaf])
      expect(scan.end).toBe(last.offset)
      // The header alone may be zero so far: then nothing tells the tail from the end, and nothing must.
      expect(scan.tail).toBe(scan.dirtyEnd === scan.end ? 'clean' : 'torn')
    }
  })

  it('is torn when sectors of the last write arrived out of order', () => {
    const torn = Buffer.from(before)
    torn.fill(0, last.offset, last.offset + 16)
    expect(scanSegment(torn, crc32)).toMatchObject({ tail: 'torn', end: last.offset })
    // The first frame of that write is missing, the second is whole: still one interrupted write.
    const second = frames[1]!
    const early = Buffer.from(before)
    early.fill(0, second.offset, second.offset + second.bytes)
    expect(scanSegment(early, crc32)).toMatchObject({ tail: 'torn', end: second.offset })
  })

  it('is damaged when a later write follows: what was before it had been durable', () => {
    for (let at = 0; at < frames[0]!.bytes; at += 1) {
      const damaged = Buffer.from(before)
      damaged[at]! ^= 0x55
      expect(scanSegment(damaged, crc32)).toMatchObject({ tail: 'damaged', end: 0 })
    }
    const zeroed = Buffer.from(before)
    zeroed.fill(0, 0, frames[0]!.bytes)
    expect(scanSegment(zeroed, crc32).tail).toBe('damaged')
  })
})
