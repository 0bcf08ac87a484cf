/**
 * The line to a signer process. When it breaks, it is made anew, and what was asked is asked again, within the time that it
 * has: nobody has seen an answer, so a second signature harms nothing.
 */
import { connect, type Socket } from 'node:net'
import { PdpError } from '../../contract/error-code.ts'
import { SignerReply, type SignerRequest } from '../../contract/signer-message.ts'
import { compileChecker } from '../../contract/validate.ts'
import { Lines } from './lines.ts'

type Without<T> = T extends unknown ? Omit<T, 'id'> : never
export type Asked = Without<SignerRequest>

type Waiting = {
  readonly line: string
  /** Whether it may be asked twice. */
  readonly again: boolean
  readonly resolve: (reply: SignerReply) => void
  readonly reject: (error: PdpError) => void
  readonly timer: NodeJS.Timeout
}

export type LinkOptions = {
  readonly path: string
  /** For an answer, and for the signer to be there at the start. */
  readonly milliseconds: number
}

const checkReply = compileChecker(SignerReply)
const pauses = { first: 20, most: 1000 }

export class SignerLink {
  readonly #options: LinkOptions
  readonly #waiting = new Map<number, Waiting>()
  /** Connected, or on its way. */
  #socket: Socket | null = null
  #isThere = false
  #next = 1
  #pause = pauses.first
  #retry: NodeJS.Timeout | null = null
  #isClosed = false
  #told: (() => void) | null = null

  private constructor(options: LinkOptions) {
    this.#options = options
  }

  /** @throws PdpError `config_invalid` when no signer is there in time. */
  static async open(options: LinkOptions): Promise<SignerLink> {
    const link = new SignerLink(options)
    const { path, milliseconds } = options
    const { promise, resolve, reject } = Promise.withResolvers<null>()
    const timer = setTimeout(() => {
      const message = `No signer answers at ${path}: start it (countersign keys serve), and let this user open its socket.`
      reject(new PdpError('config_invalid', message))
    }, milliseconds)
    link.#told = () => {
      resolve(null)
    }
    link.#connect()
    try {
      await promise
    } catch (error) {
      link.close()
      throw error
    } finally {
      clearTimeout(timer)
    }
    return link
  }

  /** Why nothing can be asked now; null while the signer is there. */
  failure(): string | null {
    return this.#isThere ? null : `the signer at ${this.#options.path} is not there`
  }

  /** @throws PdpError `audit_unavailable` when there is no answer in time, or it refuses. */
  ask(asked: Asked): Promise<SignerReply> {
    const id = this.#next
    this.#next += 1
    const { promise, resolve, reject } = Promise.withResolvers<SignerReply>()
    const timer = setTimeout(() => {
      this.#fail(id, `has not answered within ${String(this.#options.milliseconds)} ms`)
    }, this.#options.milliseconds)
    const line = `${JSON.stringify({ id, ...asked })}\n`
    this.#waiting.set(id, { line, again: asked.call !== 'make', resolve, reject, timer })
    if (this.#isClosed) this.#fail(id, 'is not asked any more')
    else if (this.#socket !== null && this.#isThere) this.#send(this.#socket, line)
    return promise
  }

  close(): void {
    this.#isClosed = true
    if (this.#retry !== null) clearTimeout(this.#retry)
    for (const id of [...this.#waiting.keys()]) this.#fail(id, 'is not asked any more')
    this.#isThere = false
    this.#socket?.destroy()
  }

  #connect(): void {
    const socket = connect(this.#options.path)
    const lines = new Lines()
    this.#socket = socket
    socket.on('connect', () => {
      this.#isThere = true
      this.#pause = pauses.first
      for (const { line } of this.#waiting.values()) this.#send(socket, line)
      this.#told?.()
      this.#told = null
    })
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const line of lines.take(chunk)) this.#take(JSON.parse(line))
      } catch {
        // What does not speak as a signer is none.
        socket.destroy()
      }
    })
    socket.on('error', () => {
      // 'close' follows.
    })
    socket.on('close', () => {
      this.#lost()
    })
  }

  #lost(): void {
    this.#isThere = false
    if (this.#isClosed) return
    // A key may have been made: a second one would be made in vain.
    for (const [id, { again }] of [...this.#waiting])
      if (!again) this.#fail(id, 'broke off while it made a key')
    this.#retry = setTimeout(() => {
      this.#connect()
    }, this.#pause)
    this.#pause = Math.min(this.#pause * 2, pauses.most)
  }

  /** What is asked in one turn goes in one write. */
  #send(socket: Socket, line: string): void {
    if (socket.writableCorked === 0) {
      socket.cork()
      process.nextTick(() => {
        socket.uncork()
      })
    }
    socket.write(line)
  }

  /** @throws TypeError for what is no reply. */
  #take(value: unknown): void {
    const checked = checkReply(value)
    if (!checked.ok) throw new TypeError('no reply of a signer')
    const reply = checked.value
    const waiting = this.#waiting.get(reply.id)
    if (waiting === undefined) return
    if ('refused' in reply) {
      this.#fail(reply.id, `refuses: ${reply.refused}`)
      return
    }
    this.#waiting.delete(reply.id)
    clearTimeout(waiting.timer)
    waiting.resolve(reply)
  }

  #fail(id: number, what: string): void {
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) return
    this.#waiting.delete(id)
    clearTimeout(waiting.timer)
    const message = `The signer at ${this.#options.path} ${what}.`
    waiting.reject(new PdpError('audit_unavailable', message))
  }
}
