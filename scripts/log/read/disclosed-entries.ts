// Disclosures of an export: beside each bundle of entries a file of JSON lines, `{"index": n, "text": "…"}`, where the text is
// JSON with salt and value and its digest stands in the leaf.

import { tilePath, tileWidth } from '../../../service/audit/tile.ts'
import { MalformedFile } from './malformed-file.ts'

interface DisclosedEntry {
  readonly index: number
  readonly text: string
}

export function disclosuresPath(bundle: number): string {
  const path = tilePath({ level: 'entries', index: bundle, width: tileWidth })
  return `${path.replace(/^tile\/entries/u, 'disclosures')}.jsonl`
}

export function disclosureLine({ index, text }: DisclosedEntry): string {
  return `${JSON.stringify({ index, text })}\n`
}

/** By index. @throws MalformedFile */
export function disclosuresIn(
  bytes: Uint8Array | null,
  log: string,
  file: string,
): ReadonlyMap<number, string> {
  const lines = Buffer.from(bytes ?? '')
    .toString()
    .split('\n')
  return new Map(
    lines.flatMap((line, at) => {
      if (line === '') return []
      const entry = entryOf(line)
      if (entry !== null) return [[entry.index, entry.text] as const]
      const found = `another thing in line ${String(at + 1)}`
      const place = { file, expected: 'a file of disclosures', found }
      throw new MalformedFile(log, place, 'take the file out, or export again')
    }),
  )
}

function entryOf(line: string): DisclosedEntry | null {
  try {
    const { index, text } = JSON.parse(line) as Partial<DisclosedEntry>
    return typeof index === 'number' && typeof text === 'string' ? { index, text } : null
  } catch {
    return null
  }
}
