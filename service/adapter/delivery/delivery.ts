/**
 * Sends what the log says to one receiver, in the order of the log and at least once: read from the log itself, never from
 * memory, and never waited for by a decision.
 *
 * The place is written once the receiver has taken everything before it. If we crash between the two, the same entries go
 * out again after the start: a receiver tells them apart by their ids.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { DeliveryState } from '../../contract/delivery.ts'
import { limits } from '../../contract/limits.ts'
import type { AuditLog, Recorded } from '../../port/audit-log.ts'

/** What takes entries. */
export type Sink = {
  readonly kind: DeliveryState['kind']
  /** Resolves once the receiver has taken what it has a use for; rejects with what went wrong. */
  readonly deliver: (entries: readonly Recorded[], signal: AbortSignal) => Promise<void>
}

/** Where a delivery keeps its place. */
export type Cursor = {
  /** The first entry that is not delivered; 0 before the first. */
  readonly read: () => Promise<number>
  /** Durable once it has resolved. */
  readonly write: (next: number) => Promise<void>
}

/** What an operator is told, once for each change. */
export type DeliveryNotice =
  | { readonly event: 'failed'; readonly delivery: string; readonly reason: string }
  | { readonly event: 'delivers_again'; readonly delivery: string }

export type DeliveryPorts = {
  readonly audit: Pick<AuditLog, 'entries' | 'first' | 'size'>
  readonly sink: Sink
  readonly cursor: Cursor
  /** From 0 up to 1, for pauses that differ. */
  readonly random: () => number
  readonly told: (notice: DeliveryNotice) => void
}

export class Delivery {
  readonly #name: string
  readonly #ports: DeliveryPorts
  readonly #ending = new AbortController()
  #running: Promise<void> = Promise.resolve()
  /** Null until it was read. */
  #next: number | null = null
  #failures = 0
  #error: string | null = null

  constructor(name: string, ports: DeliveryPorts) {
    this.#name = name
    this.#ports = ports
  }

  start(): void {
    this.#running = this.#run(this.#ending.signal)
  }

  /** Ends the attempt that is under way: what was not acknowledged goes out again after the next start. */
  async close(): Promise<void> {
    this.#ending.abort()
    await this.#running
  }

  state(): DeliveryState {
    const delivered = this.#next ?? 0
    return {
      ...{ name: this.#name, kind: this.#ports.sink.kind, delivered },
      lag: Math.max(0, this.#ports.audit.size() - delivered),
      ...{ failures: this.#failures, error: this.#error },
    }
  }

  /** What an operator should look at. */
  notices(): string[] {
    const { error, lag } = this.state()
    if (error === null) return []
    return [`the delivery ${this.#name} is ${String(lag)} entries behind the log: ${error}`]
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const isMore = await this.#send(signal)
        this.#succeed()
        if (isMore) continue
      } catch (error) {
        this.#fail(error instanceof Error ? error.message : String(error))
      }
      await pause(this.#rest(), null, { signal }).catch(() => undefined)
    }
  }

  /** Whether there was anything to send. */
  async #send(signal: AbortSignal): Promise<boolean> {
    const { audit, sink, cursor } = this.#ports
    // Nothing is pruned that a delivery has still to send: one that begins later begins where the log does.
    this.#next ??= Math.max(await cursor.read(), audit.first())
    if (this.#next > audit.size())
      throw new Error(
        `its place is entry ${String(this.#next)}, past the end of the log (${String(audit.size())} entries): the log was cut back`,
      )
    const entries = await audit.entries(this.#next, limits.deliveredEntries)
    const last = entries.at(-1)
    if (last === undefined) return false
    await sink.deliver(entries, signal)
    const next = last.leaf.index + 1
    await cursor.write(next)
    this.#next = next
    return true
  }

  #succeed(): void {
    if (this.#error !== null) this.#ports.told({ event: 'delivers_again', delivery: this.#name })
    this.#failures = 0
    this.#error = null
  }

  #fail(reason: string): void {
    // An attempt that was ended has not failed.
    if (this.#ending.signal.aborted) return
    if (this.#error === null) this.#ports.told({ event: 'failed', delivery: this.#name, reason })
    this.#failures += 1
    this.#error = reason
  }

  /** Milliseconds: short while all goes well; twice as long after each failure, and not the same for everybody. */
  #rest(): number {
    if (this.#failures === 0) return limits.tailMilliseconds
    const most = Math.min(
      limits.tailMilliseconds * 2 ** this.#failures,
      limits.deliveryRestMilliseconds,
    )
    return most * (0.5 + this.#ports.random() / 2)
  }
}
