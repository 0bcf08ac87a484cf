/** Where one tenant's log is published, and the key that signs its checkpoints. */
import type { TileFile } from '../audit/growing-tiles.ts'
import type { NoteKey } from '../audit/note-key.ts'

/**
 * Whatever was published stays readable at its path until `tidy` names it; content under a path never changes.
 * One writer, which waits for each call: the order of calls is the order in which things become durable.
 */
export interface Publication {
  /** The log's own note key, which signs nothing but checkpoints. */
  readonly key: NoteKey
  /** Signed notes that lie here, kept or published: the newest is the last word. */
  notes(): Promise<readonly string[]>
  /** The file of that path; null when there is none. */
  read(path: string): Promise<Uint8Array | null>
  /** Once it has resolved, all files are durable. When it rejects, any of them may be there, each of them whole. */
  write(files: readonly TileFile[]): Promise<void>
  /** The signature of `key` over a text (C2SP signed-note, Ed25519). */
  sign(text: string): Promise<Uint8Array>
  /** Makes a signed note durable where no reader looks. */
  keep(note: string): Promise<void>
  /** Replaces the published checkpoint, whole; durable once it has resolved. */
  publish(note: string): Promise<void>
  /** Removes the partial forms of these full tiles. */
  tidy(paths: Iterable<string>): Promise<void>
}
