/** A real witness, litewitness: its key in an ssh-agent of its own, its memory in a file that survives it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { resolvePart } from '../../scripts/parts/resolve.ts'
import { run } from '../../scripts/parts/run.ts'
import { freePort, startProgram, type RealProgram } from './real-program.ts'

export type Litewitness = {
  readonly url: string
  /** Its verifier key, as a policy names it. */
  readonly vkey: string
  /** Has it cosign the log of that key. */
  readonly register: (logVkey: string) => void
  readonly start: () => Promise<void>
  readonly halt: () => Promise<void>
  /** For good: with its agent and all that it remembers. */
  readonly stop: () => Promise<void>
}

export async function startLitewitness(name: string): Promise<Litewitness> {
  const home = mkdtempSync(join(tmpdir(), 'litewitness-'))
  const [database, key, socket] = ['witness.db', 'key', 'agent.sock'].map((one) => join(home, one))
  const agent = resolvePart('ssh-agent')
  const tool = (program: string): string => join(dirname(agent), program)
  run(tool('ssh-keygen'), ['-q', '-t', 'ed25519', '-N', '', '-f', key!])
  const [, fingerprint = ''] = run(tool('ssh-keygen'), ['-lf', `${key}.pub`]).split(' ')
  const holder = spawn(agent, ['-D', '-a', socket!], { stdio: 'ignore' })
  while (!existsSync(socket!) && holder.exitCode === null) await pause(20)
  run(tool('ssh-add'), ['-q', key!], { environment: { SSH_AUTH_SOCK: socket! } })
  const port = await freePort()
  const given = ['-db', database!, '-key', fingerprint, '-name', name, '-ssh-agent', socket!]
  let running: RealProgram | null = null
  const start = async (): Promise<void> => {
    const listen = ['-listen', `127.0.0.1:${String(port)}`]
    running = await startProgram(resolvePart('litewitness'), port, [...given, ...listen])
  }
  const halt = async (): Promise<void> => {
    await running?.stop()
    running = null
  }
  await start()
  const [, vkey = ''] = /vkey="?([^"\s]+)/u.exec(running!.output()) ?? []
  const control = resolvePart('witnessctl')
  return {
    url: `http://127.0.0.1:${String(port)}`,
    vkey,
    register: (logVkey) => {
      const origin = logVkey.slice(0, logVkey.indexOf('+'))
      run(control, ['add-log', '-db', database!, '-origin', origin])
      run(control, ['add-key', '-db', database!, '-origin', origin, '-key', logVkey])
    },
    start,
    halt,
    stop: async () => {
      await halt()
      holder.kill()
      await once(holder, 'exit')
      rmSync(home, { recursive: true })
    },
  }
}
