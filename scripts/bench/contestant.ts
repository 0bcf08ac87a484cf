// A server under measurement: how it is asked, and what stands behind its port.

import { spawn, type ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import type { Query } from '../../service/contract/query.ts'

/** What a load needs to know. */
export type Target = {
  readonly name: string
  readonly url: string
  /** The gateway's token, where it travels in the Authorization header. */
  readonly bearer: string | null
  /** The body that asks a query. */
  readonly bodyOf: (query: Query) => string
}

export type Contestant = Target & {
  readonly name: 'opa' | 'countersign'
  readonly process: ChildProcess
  /** Ends it and waits until it is gone. */
  readonly stop: () => Promise<void>
}

/** Starts a program and waits until it answers 200 at `ready`. Its output goes where `output` says. */
export async function startProcess(
  program: string,
  programArguments: readonly string[],
  options: {
    readonly ready: string
    readonly output: number
    readonly environment?: Readonly<Record<string, string>>
  },
): Promise<ChildProcess> {
  const child = spawn(program, programArguments, {
    stdio: ['ignore', options.output, options.output],
    env: { ...process.env, ...options.environment },
  })
  const deadline = Date.now() + 60_000
  while (!(await answers(options.ready))) {
    const hasEnded = child.exitCode !== null || child.signalCode !== null
    if (hasEnded || Date.now() > deadline) {
      child.kill('SIGKILL')
      throw new Error(`${program} ${programArguments.join(' ')} does not come up`)
    }
    await wait(50)
  }
  return child
}

export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const { promise, resolve } = Promise.withResolvers<undefined>()
  child.once('exit', () => {
    resolve(undefined)
  })
  child.kill('SIGTERM')
  await promise
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer()
  const { promise, resolve } = Promise.withResolvers<undefined>()
  server.listen(0, '127.0.0.1', () => {
    resolve(undefined)
  })
  await promise
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  server.close()
  return port
}

export function wait(milliseconds: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  setTimeout(() => {
    resolve(undefined)
  }, milliseconds)
  return promise
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}
