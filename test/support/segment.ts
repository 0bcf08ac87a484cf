/** The segment of a stopped service as its tokens, and a segment written anew from tokens: what an intruder could do. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { encodeFrames } from '../../service/audit/frame.ts'
import { scanSegment } from '../../service/audit/scan.ts'
import type { Leaf } from '../../service/contract/leaf.ts'

/** @param folder `<data>/tenants/<tenant>/log`, which has one segment */
export function tokensIn(folder: string): readonly string[] {
  const { frames } = scanSegment(readFileSync(segmentIn(folder)), crc32)
  return frames.map(({ leaf }) => Buffer.from(leaf).toString('latin1'))
}

export function rewrite(folder: string, tokens: readonly string[]): void {
  const contents = tokens.map((leaf) => ({ leaf, disclosure: new Uint8Array(0) }))
  writeFileSync(segmentIn(folder), encodeFrames(contents, crc32))
}

export function leafOf(token: string): Leaf {
  return JSON.parse(payloadOf(token)) as Leaf
}

export function payloadOf(token: string): string {
  return Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
}

/** The same leaf, saying something else; its signature no longer fits. */
export function saying(token: string, changes: object): string {
  const [header = '', , signature = ''] = token.split('.')
  const payload = Buffer.from(JSON.stringify({ ...leafOf(token), ...changes }))
  return `${header}.${payload.toString('base64url')}.${signature}`
}

function segmentIn(folder: string): string {
  const [name = '', ...others] = readdirSync(folder).filter((one) => /^\d+\.segment$/u.test(one))
  if (name === '' || others.length > 0) throw new Error(`${folder} has not one segment`)
  return join(folder, name)
}
