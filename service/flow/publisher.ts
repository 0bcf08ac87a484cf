/** The publication of one log as it goes on: one at a time, told when it fails, and asked for what is published. */
import { parseCheckpoint } from '../audit/checkpoint.ts'
import { parseNote } from '../audit/signed-note.ts'
import { PdpError } from '../contract/error-code.ts'
import type { LogState } from '../contract/log-state.ts'
import { publishCheckpoint, type Published, type PublishPorts } from './publish-checkpoint.ts'

export type PublisherPorts = PublishPorts & {
  /** Told of the first failure after a success; it may take its time, and must not throw. */
  readonly failed: (error: unknown) => void
}

export class Publisher {
  readonly ports: PublisherPorts
  #published: Published
  #running: Promise<void> | null = null
  #failure: string | null = null

  constructor(start: Published, ports: PublisherPorts) {
    this.ports = ports
    this.#published = start
  }

  /** Entries that the last published checkpoint covers. */
  get size(): number {
    return this.#published.note === null ? 0 : this.#published.tiles.size
  }

  /** The checkpoint that was published last; null before the first. */
  get note(): string | null {
    return this.#published.note
  }

  get isRunning(): boolean {
    return this.#running !== null
  }

  /** Why the last attempt failed; null when it did not. */
  get failure(): string | null {
    return this.#failure
  }

  /** Publishes what is durable when it begins; one that is under way is waited for first. Failures are told, not thrown. */
  async publish(): Promise<void> {
    while (this.#running !== null) await this.#running
    this.#running = this.#attempt()
    await this.#running
  }

  async #attempt(): Promise<void> {
    try {
      this.#published = await publishCheckpoint(this.#published, this.ports)
      this.#failure = null
    } catch (error) {
      const isFirst = this.#failure === null
      this.#failure = error instanceof Error ? error.message : String(error)
      if (isFirst) this.ports.failed(error)
    } finally {
      this.#running = null
    }
  }

  /**
   * Waits until an entry is covered by a published checkpoint, and publishes it if need be.
   *
   * @throws PdpError `not_ready` when that fails.
   */
  async reach(index: number): Promise<void> {
    if (index >= this.size) await this.publish()
    if (index >= this.size) {
      throw new PdpError(
        'not_ready',
        `The log cannot be published: ${this.#failure ?? 'try again'}`,
      )
    }
  }

  /** @param tenant its id */
  state(tenant: string): LogState {
    const { audit, clock } = this.ports
    const { size: entries } = audit.head()
    const { at } = this.#published
    const { witnesses } = this.ports
    return {
      tenant,
      entries,
      published: this.size,
      unpublished: entries - this.size,
      checkpoint_age_seconds:
        at === null ? null : Math.max(0, Math.floor((clock.now() - at) / 1000)),
      witnesses: witnesses?.state() ?? null,
    }
  }

  /** What an operator should look at. */
  notices(): string[] {
    const failure = this.#failure
    return [
      ...(failure === null
        ? []
        : [`the log is not published past ${String(this.size)} entries: ${failure}`]),
      ...(this.ports.witnesses?.notices() ?? []),
    ]
  }

  /** Why the log cannot be relied on. */
  obstacles(): string[] {
    return this.ports.witnesses?.obstacles() ?? []
  }

  /** Name, size and root of what is published. @throws PdpError `not_ready` before the first checkpoint. */
  checkpoint(): NonNullable<ReturnType<typeof parseCheckpoint>> & { readonly note: string } {
    const { note } = this.#published
    const checkpoint = note === null ? null : parseCheckpoint(parseNote(note)?.text ?? '')
    if (note === null || checkpoint === null)
      throw new PdpError('not_ready', 'Nothing of the log is published yet.')
    return { ...checkpoint, note }
  }
}
