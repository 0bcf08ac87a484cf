/** A real server beside a test: started on a free port, waited for, and ended with the test. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, connect, type AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

export type RealProgram = {
  readonly port: number
  /** What it printed so far, on both streams. */
  readonly output: () => string
  readonly stop: () => Promise<void>
}

/** @param argumentsFor the arguments, once the port is known. */
export async function startProgram(
  executable: string,
  port: number,
  programArguments: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<RealProgram> {
  const child = spawn(executable, programArguments, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  }
  const ended = once(child, 'exit')
  for (let i = 0; !(await answers(port)); i += 1) {
    if (child.exitCode !== null || i > 1200) {
      child.kill('SIGKILL')
      throw new Error(`${executable} did not start:\n${output}`)
    }
    await pause(50)
  }
  return {
    port,
    output: () => output,
    stop: async () => {
      child.kill('SIGTERM')
      const patience = setTimeout(() => child.kill('SIGKILL'), 3000)
      await ended
      clearTimeout(patience)
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
