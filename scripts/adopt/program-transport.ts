// MCP over the standard streams of a program: one JSON-RPC message a line. The SDK's own transport reads a line of
// any length and leaves behind what the program has started; this one does neither.

import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { setImmediate as turn, setTimeout as passed } from 'node:timers/promises'
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client'
import type { Allowance } from './allowance.ts'

/** How long a program may take to end when its input has ended, and its streams to end after it, in milliseconds. */
const grace = 500
/** Likewise one that left its input: most that do are ending, and how they end says why. */
const lastBreath = 3000
const lastWords = 400
/** Lines that are no messages: a greeting may be forgiven. */
const mostStrange = 1000

export class ProgramTransport implements Transport {
  onclose?: (() => void) | undefined
  onerror?: ((error: Error) => void) | undefined
  onmessage?: Transport['onmessage']
  /** `pid` and `stderr` tell the SDK that silence may be an older program's, not an outage. */
  pid: number | null = null
  readonly stderr = null
  readonly #program: string
  readonly #given: readonly string[]
  readonly #allowance: Allowance
  readonly #parse: (line: unknown) => JSONRPCMessage
  #child: ChildProcessWithoutNullStreams | null = null
  #unfinished: Buffer[] = []
  #said = ''
  #strange = 0
  #end: string | null = null
  /** It closed its input before we did. */
  #left = false
  /** When it has ended and all that it wrote was read. */
  #closed: Promise<void> = Promise.resolve()
  #closing: Promise<void> | null = null

  constructor(
    [program, given]: readonly [string, readonly string[]],
    allowance: Allowance,
    parse: (line: unknown) => JSONRPCMessage,
  ) {
    this.#program = program
    this.#given = given
    this.#allowance = allowance
    this.#parse = parse
  }

  /** How it ended by itself; null when it did not. All of it is known once it is closed. */
  get ended(): string | null {
    return this.#end
  }

  /** What it last wrote to its standard error, or wrote where only messages belong; likewise. */
  get said(): string {
    return this.#said
  }

  async start(): Promise<void> {
    // A group of its own, so that what it starts ends with it.
    const child = spawn(this.#program, [...this.#given], { detached: true, stdio: 'pipe' })
    this.#child = child
    child.on('error', (error) => this.onerror?.(error))
    child.stdin.on('error', (error) => {
      this.#left ||= this.#child !== null
      this.onerror?.(error)
    })
    child.stdout.on('data', (chunk: Buffer) => {
      this.#take(chunk)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      this.#hear(chunk.toString('utf8', Math.max(0, chunk.length - lastWords)))
    })
    child.on('exit', (code, signal) => {
      // A broken pipe is known before the end of what broke it. What ends because we ask it to has not ended by itself.
      const isOurs = this.#child === null && (!this.#left || signal === 'SIGKILL')
      if (!isOurs) this.#end = `it ended with ${String(code ?? signal)}`
    })
    this.#closed = new Promise((resolve) => {
      child.on('close', () => {
        resolve()
        this.onclose?.()
      })
    })
    this.pid = child.pid ?? null
    await once(child, 'spawn')
    process.once('exit', this.#kill)
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#child?.stdin
    if (stdin?.writable !== true) throw new Error('it has ended')
    if (!stdin.write(`${JSON.stringify(message)}\n`)) await once(stdin, 'drain')
  }

  /** Ends it, unless it ends by itself, and reads all that it wrote. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  async #close(): Promise<void> {
    const child = this.#child
    this.#child = null
    if (child?.pid === undefined) return
    const hasEnded = child.exitCode !== null || child.signalCode !== null
    const ended = hasEnded ? Promise.resolve() : once(child, 'exit')
    child.stdin.end()
    await Promise.race([ended, passed(this.#left ? lastBreath : grace)])
    this.#kill()
    child.kill('SIGKILL')
    process.off('exit', this.#kill)
    await ended
    // What it wrote is there by now, and is read within a turn; only who left its group can keep its streams open.
    await Promise.race([this.#closed, passed(grace).then(() => turn())])
    for (const stream of [child.stdout, child.stderr]) stream.destroy()
    await this.#closed
  }

  /** The whole group: one that has ended may have left something running. */
  readonly #kill = (): void => {
    try {
      if (this.pid !== null) process.kill(-this.pid, 'SIGKILL')
    } catch {
      // There is nothing left to end.
    }
  }

  #take(chunk: Buffer): void {
    if (!this.#allowance.take(chunk.length)) this.#child?.stdout.destroy()
    for (let rest = chunk; !this.#allowance.signal.aborted;) {
      const end = rest.indexOf(10)
      if (end < 0) {
        if (rest.length > 0) this.#unfinished.push(rest)
        return
      }
      const line = Buffer.concat([...this.#unfinished, rest.subarray(0, end)]).toString('utf8')
      this.#unfinished = []
      rest = rest.subarray(end + 1)
      this.#read(line)
    }
  }

  #read(line: string): void {
    if (line.trim() === '') return
    try {
      this.onmessage?.(this.#parse(JSON.parse(line)))
    } catch {
      this.#hear(line.slice(0, lastWords))
      this.#strange += 1
      if (this.#strange > mostStrange) this.#allowance.refuse('it writes what are no messages')
    }
  }

  #hear(text: string): void {
    this.#said = `${this.#said}${text}`.slice(-lastWords)
  }
}
