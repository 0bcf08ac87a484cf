/** Waits until a new thread has loaded its policy and says so. A thread that does not is ended. */
import type { Worker } from 'node:worker_threads'
import { limits } from '../../contract/limits.ts'
import type { FromWorker } from './protocol.ts'

type FirstWord = Extract<FromWorker, { kind: 'ready' }>

/** Rejects with what kept it from that, or after `limits.workerStartMilliseconds`. */
export async function firstWord(thread: Worker): Promise<FirstWord> {
  const { promise, resolve, reject } = Promise.withResolvers<FirstWord>()
  const timer = setTimeout(() => {
    reject(new Error(`it did not start within ${limits.workerStartMilliseconds} ms`))
  }, limits.workerStartMilliseconds)
  thread.once('message', (message: FromWorker) => {
    if (message.kind === 'ready') resolve(message)
  })
  thread.once('error', reject)
  thread.once('exit', () => {
    reject(new Error('it ended while it started'))
  })
  try {
    return await promise
  } catch (error) {
    await thread.terminate()
    throw error
  } finally {
    clearTimeout(timer)
    for (const event of ['message', 'error', 'exit']) thread.removeAllListeners(event)
  }
}
