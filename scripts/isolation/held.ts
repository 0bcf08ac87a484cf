// What a process holds: memory, threads, open files.

import { readdirSync, readFileSync } from 'node:fs'
import { memoryUsage } from 'node:process'
import { letGo } from '../../service/adapter/policy-engine/let-go.ts'

export type Held = {
  readonly residentMegabytes: number
  readonly threads: number
  readonly openFiles: number
}

/** This process, once it has let go of what it no longer needs. */
export function held(): Held {
  letGo()
  return heldBy('self', memoryUsage.rss())
}

/** Another process, which lets go when it sees fit. Zeros where the system does not tell. */
export function heldByProcess(pid: number): Held {
  if (process.platform !== 'linux') return heldBy(String(pid), 0)
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return heldBy(String(pid), Number(/^VmRSS:\s+(\d+) kB$/mu.exec(status)?.[1]) * 1024)
}

function heldBy(name: string, resident: number): Held {
  return {
    residentMegabytes: Math.round(resident / 2 ** 20),
    threads: count(`/proc/${name}/task`),
    openFiles: count(`/proc/${name}/fd`),
  }
}

/** Nothing where the system has no such folder. */
function count(folder: string): number {
  return process.platform === 'linux' ? readdirSync(folder).length : 0
}
