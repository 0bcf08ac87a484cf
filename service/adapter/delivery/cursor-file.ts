/** The place of one delivery, in a file of its own: replaced whole, so that a crash leaves the old place or the new. */
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDurably } from '../durable/write-durably.ts'
import type { Cursor } from './delivery.ts'

export function cursorFile(directory: string, name: string): Cursor {
  const file = `${name}.json`
  return {
    read: async () => {
      const text = await readFile(join(directory, file), 'utf8').catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '{"next":0}'
        throw error
      })
      const next = placeIn(text)
      if (next === null)
        throw new Error(
          `${join(directory, file)} holds no place: remove it, and everything is sent again from the first entry`,
        )
      return next
    },
    write: async (next) => {
      await mkdir(directory, { recursive: true, mode: 0o700 })
      await writeDurably(directory, file, JSON.stringify({ next }))
    },
  }
}

/** The first entry that a delivery with a place in this directory has still to send; none: `Infinity`. */
export async function firstUndelivered(directory: string): Promise<number> {
  const names = await readdir(directory).catch(() => [])
  const places = names
    .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
    .map((name) => cursorFile(directory, name.slice(0, -'.json'.length)).read())
  return Math.min(Infinity, ...(await Promise.all(places)))
}

function placeIn(text: string): number | null {
  try {
    const { next } = JSON.parse(text) as { readonly next?: unknown }
    return Number.isSafeInteger(next) && (next as number) >= 0 ? (next as number) : null
  } catch {
    return null
  }
}
