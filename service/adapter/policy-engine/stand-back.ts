/**
 * Threads that stand back behind all others. On Linux a priority is the thread's own; elsewhere it would be that of the
 * whole service, and nothing is done. Who has stood back cannot come forward again without a privilege.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { basename } from 'node:path'

/** Of util-linux: by its path, so that nothing else is run in its name. */
const chrt = '/usr/bin/chrt'
const mostMilliseconds = 1000

/** The number by which the system knows the calling thread; null where threads have no priority of their own. */
export function ownThread(): number | null {
  return process.platform === 'linux' ? Number(basename(readlinkSync('/proc/thread-self'))) : null
}

/**
 * The calling thread. A nice one gets a hundredth of what others want, but keeps a processor for its slice of some
 * milliseconds before it hands it over. One that is scheduled as idle is put off at once: Node cannot ask for that,
 * and where `chrt` is not to be had the niceness stays.
 */
export function standBack(): void {
  const thread = ownThread()
  if (thread === null) return
  holdBack(thread)
  spawnSync(chrt, ['--idle', '--pid', '0', String(thread)], {
    ...{ stdio: 'ignore', env: {}, timeout: mostMilliseconds },
  })
}

/** Milliseconds of processor that a thread of this process has had; null where the system does not tell. */
export function processorMilliseconds(thread: number): number | null {
  try {
    const [nanoseconds = ''] = readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8').split(
      ' ',
    )
    return Number(nanoseconds) / 1e6
  } catch {
    return null
  }
}

/** Another thread of this process, at once. */
export function holdBack(thread: number): void {
  try {
    setPriority(thread, constants.priority.PRIORITY_LOW)
  } catch {
    // It has just ended, or the system will not have it: its evaluation is ended at its limit all the same.
  }
}
