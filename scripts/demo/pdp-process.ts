/** The PDP as a process of its own, to be killed without warning and started again. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export type PdpPlace = { readonly port: number; readonly data: string; readonly bundles: string }

export type PdpProcess = {
  readonly url: string
  /** SIGKILL: no handler runs, nothing is flushed. */
  readonly kill: () => Promise<void>
}

const startMilliseconds = 20_000
const main = join(import.meta.dirname, '../../service/main.ts')

export async function startPdp({ port, data, bundles }: PdpPlace): Promise<PdpProcess> {
  // Not through the launcher: the signal must hit the service itself.
  const child = spawn(
    process.execPath,
    [main, 'serve', '--development', '--port', String(port), '--data', data, '--bundles', bundles],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  process.once('exit', () => child.kill('SIGKILL'))
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    complaints = (complaints + chunk).slice(-4000)
  })
  const url = `http://127.0.0.1:${String(port)}`
  if (!(await becomesReady(child, url))) {
    child.kill('SIGKILL')
    throw new Error(`The PDP did not start.\n${complaints}`)
  }
  return { url, kill: () => kill(child) }
}

async function becomesReady(child: ChildProcess, url: string): Promise<boolean> {
  const end = Date.now() + startMilliseconds
  while (child.exitCode === null && Date.now() < end) {
    const response = await fetch(`${url}/readyz`).catch(() => null)
    if (response?.status === 200) return true
    await sleep(50)
  }
  return false
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

/** A port that was free a moment ago: the PDP must come back to the same one. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
