// What a process and its children have cost so far: CPU time and memory, as Linux counts them.

import { readdirSync, readFileSync } from 'node:fs'

export type Cost = {
  /** Of all threads, in user and kernel mode. */
  readonly cpuMicroseconds: number
  readonly residentMegabytes: number
}

/** Linux counts in hundredths of a second. */
const tickMicroseconds = 10_000

export function costOf(pid: number): Cost {
  const pids = treeOf(pid)
  return {
    cpuMicroseconds: sum(pids, cpuOf),
    residentMegabytes: sum(pids, residentOf),
  }
}

function treeOf(pid: number): readonly number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  )
  return [pid, ...children.flatMap(treeOf)]
}

/** proc(5): utime and stime are fields 14 and 15; the name in field 2 may hold spaces. */
function cpuOf(pid: number): number {
  const stat = read(`/proc/${pid}/stat`)
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * tickMicroseconds
}

function residentOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1]
  return Number(kilobytes ?? 0) / 1024
}

/** A thread or child may end while we look. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}

function sum(pids: readonly number[], part: (pid: number) => number): number {
  return pids.reduce((total, pid) => total + part(pid), 0)
}
