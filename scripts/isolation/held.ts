// What this process holds: memory, threads, handles.

import { readdirSync } from 'node:fs'
import { memoryUsage } from 'node:process'
import { letGo } from '../../service/adapter/policy-engine/let-go.ts'

export type Held = {
  readonly residentMegabytes: number
  readonly threads: number
  readonly openFiles: number
  /** Timers, ports and what else keeps the loop alive. */
  readonly resources: number
}

export function held(): Held {
  letGo()
  return {
    residentMegabytes: Math.round(memoryUsage.rss() / 2 ** 20),
    threads: count('/proc/self/task'),
    openFiles: count('/proc/self/fd'),
    resources: process.getActiveResourcesInfo().length,
  }
}

/** Nothing where the system has no such folder. */
function count(folder: string): number {
  return process.platform === 'linux' ? readdirSync(folder).length : 0
}
