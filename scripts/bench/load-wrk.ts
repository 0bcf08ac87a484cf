// wrk with one thread; wrk.lua holds the requests and counts the answers.

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { connections, type Aim, type Load } from './load.ts'

const script = join(import.meta.dirname, 'wrk.lua')

/** The line that wrk.lua prints. */
type Printed = Pick<Load, 'permit' | 'deny' | 'hold' | 'others' | 'broken' | 'example'> & {
  readonly microseconds: number
  readonly p50: number
  readonly p99: number
}

export async function runWrk(wrk: string, aim: Aim, seconds: number): Promise<Load> {
  const { target, bodies } = aim
  const { stdout } = await promisify(execFile)(wrk, [
    ...['--threads', '1', '--connections', String(connections), '--timeout', '20s'],
    ...['--duration', `${seconds}s`, '--script', script, target.url],
    ...['--', bodies, String(aim.next), ...(target.bearer === null ? [] : [target.bearer])],
  ])
  const line = stdout.split('\n').find((text) => text.startsWith('{'))
  if (line === undefined) throw new Error(`wrk said nothing of ${target.name}:\n${stdout}`)
  const { microseconds, p50, p99, ...counts } = JSON.parse(line) as Printed
  return {
    ...counts,
    seconds: microseconds / 1e6,
    p50Milliseconds: p50 / 1000,
    p99Milliseconds: p99 / 1000,
  }
}
