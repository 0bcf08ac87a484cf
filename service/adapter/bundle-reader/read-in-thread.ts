/** Reads a set of bundles in a thread of its own, so that queries are answered meanwhile. */
import { Worker } from 'node:worker_threads'
import { PdpError } from '../../contract/error-code.ts'
import type { ReadRequest, ReadSet } from './read-set.ts'
import type { FromReader } from './read-worker.ts'

/** @throws PdpError `bundle_refused`; an Error when the thread ends without a word. */
export async function readInThread(request: ReadRequest): Promise<ReadSet> {
  const thread = new Worker(new URL('./read-worker.ts', import.meta.url), { workerData: request })
  const { promise, resolve, reject } = Promise.withResolvers<FromReader>()
  thread.once('message', resolve)
  thread.once('error', reject)
  thread.once('exit', () => {
    reject(new Error('the thread that reads bundles ended before it had read them'))
  })
  try {
    const said = await promise
    if (said.kind === 'read') return said.set
    throw new PdpError('bundle_refused', said.message, { faults: said.faults })
  } finally {
    await thread.terminate()
  }
}
