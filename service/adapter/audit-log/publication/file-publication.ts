/**
 * The published log in files: `<tenant>/published/` holds what any reader of C2SP tlog-tiles asks for, and
 * `<tenant>/log/checkpoint` the newest note that was signed, before anybody could read it.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TileFile } from '../../../audit/growing-tiles.ts'
import { printVerifierKey, type NoteKey } from '../../../audit/note-key.ts'
import { writeDurably } from '../../durable/write-durably.ts'
import type { Publication } from '../../../port/publication.ts'
import type { LogFileSystem } from '../file-system.ts'
import type { NoteSigner } from './note-signer.ts'
import { FileWriter } from './write-files.ts'

export type PublicationPlace = {
  /** The tenant's own directory. */
  readonly directory: string
  readonly system: LogFileSystem
}

export const checkpointFile = 'checkpoint'

/** Where signed notes lie: the kept one, and the published one. */
export function notePaths(directory: string): readonly string[] {
  return [join(directory, 'log', checkpointFile), join(directory, 'published', checkpointFile)]
}

export class FilePublication implements Publication {
  readonly key: NoteKey
  readonly #signer: NoteSigner
  readonly #directory: string
  readonly #root: string
  readonly #writer: FileWriter

  constructor({ directory, system }: PublicationPlace, signer: NoteSigner) {
    this.key = signer.key
    this.#signer = signer
    this.#directory = directory
    this.#root = join(directory, 'published')
    this.#writer = new FileWriter(this.#root, system)
  }

  /** What a verifier must know beside the log: the note key, and the keys of its leaves with when they signed. */
  async publishKeys(jwks: readonly object[]): Promise<void> {
    const file = (path: string, text: string): TileFile => ({ path, bytes: Buffer.from(text) })
    await this.#writer.write([
      file('keys/log.vkey', `${printVerifierKey(this.key)}\n`),
      file('keys/jwks.json', `${JSON.stringify({ keys: jwks }, null, 2)}\n`),
    ])
  }

  async notes(): Promise<readonly string[]> {
    const notes = await Promise.all(notePaths(this.#directory).map(readIfThere))
    return notes.filter((note) => note !== null).map((note) => Buffer.from(note).toString())
  }

  read(path: string): Promise<Uint8Array | null> {
    return readIfThere(join(this.#root, path))
  }

  write(files: readonly TileFile[]): Promise<void> {
    return this.#writer.write(files)
  }

  sign(text: string): Promise<Uint8Array> {
    return this.#signer.sign(text)
  }

  keep(note: string): Promise<void> {
    return writeDurably(join(this.#directory, 'log'), checkpointFile, note)
  }

  publish(note: string): Promise<void> {
    return writeDurably(this.#root, checkpointFile, note)
  }

  async tidy(paths: Iterable<string>): Promise<void> {
    for (const path of paths) await this.#writer.remove(`${path}.p`)
  }
}

export async function readIfThere(path: string): Promise<Uint8Array | null> {
  return await readFile(path).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw error
  })
}
