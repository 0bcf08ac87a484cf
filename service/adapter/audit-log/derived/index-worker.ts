/**
 * The thread that reads the log behind its writer: feeds the index, keeps snapshots, and reads what a start from a snapshot left
 * unread. It writes nothing but these two, which may be removed at any time.
 */
import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import type { FromIndexThread, IndexThreadStart, ToIndexThread } from './index-thread.ts'
import { LogFollower } from './log-follower.ts'
import { UnreadEntries } from './unread-entries.ts'

/** Behind decisions, whose answers somebody waits for. */
const niceness = 5

if (process.platform === 'linux') setPriority(0, niceness)
const start = workerData as IndexThreadStart
let goal: ToIndexThread = { to: 0, end: false, base: null }
let wake: () => void = () => undefined
parentPort?.on('message', (message: ToIndexThread) => {
  // A base is not forgotten by what is said after it.
  goal = { ...message, base: message.base ?? goal.base }
  wake()
})

try {
  await work()
} catch (error) {
  send({ fault: error instanceof Error ? error.message : String(error) })
}
parentPort?.close()

async function work(): Promise<void> {
  const unread = start.unread === null ? null : new UnreadEntries(start.log, start.unread)
  const follower = await LogFollower.open(start)
  try {
    for (;;) {
      if (goal.base !== null && follower.size >= goal.base.size) {
        unread?.leave(goal.base)
        send({ leftTo: goal.base.size })
        goal = { ...goal, base: null }
      } else if (follower.size < goal.to) {
        await follower.follow(goal.to)
        send({ indexed: follower.indexed })
      } else if (goal.end) return
      else if (unread?.isDone === false) await unread.step()
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    follower.close()
  }
}

function send(message: FromIndexThread): void {
  parentPort?.postMessage(message)
}
