/**
 * The last good key set of one source, on disk with the time at which it was fetched: a restart does not make it
 * younger, and a bundle's sequence may not go backwards across one.
 *
 * What was fetched from another place than the configuration now names is not there.
 */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Type } from 'typebox'
import { closed, nullable } from '../../contract/digest.ts'
import { compileChecker } from '../../contract/validate.ts'
import { writeDurably } from '../durable/write-durably.ts'

export type KeptSet = {
  /** Milliseconds since the epoch. */
  readonly fetchedAt: number
  /** The highest `spiffe_sequence` that was seen; null: none was. */
  readonly sequence: bigint | null
  /** As they were served. */
  readonly bytes: Uint8Array
}

export interface SetKeeper {
  /** Null: nothing was kept. @throws Error when what is there cannot be used. */
  read(): KeptSet | null
  /** Durable once it has resolved. */
  write(set: KeptSet): Promise<void>
}

const File = Type.Object(
  {
    v: Type.Literal(1),
    source: Type.String(),
    fetched_at: Type.Integer({ minimum: 0 }),
    sequence: nullable(Type.String({ pattern: '^[0-9]{1,20}$' })),
    body: Type.String(),
  },
  closed,
)
const checkFile = compileChecker(File)

/**
 * @param name of the file in the directory
 * @param source says where the set comes from, and for whom
 */
export function keepSet(directory: string, name: string, source: string): SetKeeper {
  return {
    read: () => {
      const text = textOf(join(directory, name))
      if (text === null) return null
      const checked = checkFile(JSON.parse(text))
      if (!checked.ok) throw new Error(`${name} is not a key set that was kept`)
      const { fetched_at: fetchedAt, sequence, body, source: from } = checked.value
      if (from !== source) return null
      return {
        fetchedAt,
        sequence: sequence === null ? null : BigInt(sequence),
        bytes: Buffer.from(body, 'base64'),
      }
    },
    write: async ({ fetchedAt, sequence, bytes }) => {
      const file = {
        v: 1,
        source,
        fetched_at: fetchedAt,
        sequence: sequence === null ? null : String(sequence),
        body: Buffer.from(bytes).toString('base64'),
      }
      mkdirSync(directory, { recursive: true, mode: 0o700 })
      await writeDurably(directory, name, `${JSON.stringify(file)}\n`)
    },
  }
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
