/** A published log in memory, whose every operation a test can make fail: before it did anything, or after it did all. */
import { generateKeyPairSync, sign } from 'node:crypto'
import type { TileFile } from '../../service/audit/growing-tiles.ts'
import { noteAlgorithm, noteKey, type NoteKey } from '../../service/audit/note-key.ts'
import type { Publication } from '../../service/port/publication.ts'

export type Step = 'read' | 'write' | 'sign' | 'keep' | 'publish' | 'tidy'
export type Fault = 'lost' | 'persisted'

export class MemoryPublication implements Publication {
  readonly files = new Map<string, Uint8Array>()
  kept: string | null = null
  readonly key: NoteKey
  /** Says how the n-th operation of a kind fails; null: it does not. */
  plan: (step: Step, nth: number) => Fault | null = () => null
  /** In the order in which they were asked for. */
  readonly asked: Step[] = []
  readonly #pair = generateKeyPairSync('ed25519')

  constructor(origin: string) {
    const { x = '' } = this.#pair.publicKey.export({ format: 'jwk' })
    this.key = noteKey(origin, noteAlgorithm.ed25519, Buffer.from(x, 'base64url'))
  }

  notes(): Promise<readonly string[]> {
    const published = this.files.get('checkpoint')
    const notes = [this.kept, published === undefined ? null : Buffer.from(published).toString()]
    return Promise.resolve(notes.filter((note) => note !== null))
  }

  read(path: string): Promise<Uint8Array | null> {
    return this.#does('read', () => this.files.get(path) ?? null)
  }

  write(files: readonly TileFile[]): Promise<void> {
    return this.#does('write', () => {
      for (const { path, bytes } of files) this.files.set(path, bytes)
    })
  }

  sign(text: string): Promise<Uint8Array> {
    return this.#does('sign', () => sign(null, Buffer.from(text), this.#pair.privateKey))
  }

  keep(note: string): Promise<void> {
    return this.#does('keep', () => {
      this.kept = note
    })
  }

  publish(note: string): Promise<void> {
    return this.#does('publish', () => {
      this.files.set('checkpoint', Buffer.from(note))
    })
  }

  tidy(paths: Iterable<string>): Promise<void> {
    return this.#does('tidy', () => {
      const full = new Set(paths)
      for (const path of this.files.keys()) {
        if (full.has(path.split('.p/')[0] ?? '') && path.includes('.p/')) this.files.delete(path)
      }
    })
  }

  async #does<T>(step: Step, act: () => T): Promise<T> {
    this.asked.push(step)
    const fault = this.plan(step, this.asked.filter((one) => one === step).length)
    await Promise.resolve()
    if (fault === 'lost') throw new Error(`${step} failed`)
    const done = act()
    if (fault === 'persisted') throw new Error(`${step} failed after all was done`)
    return done
  }
}
