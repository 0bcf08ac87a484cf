/**
 * The thread in which a set of bundles is read: what a large one costs to unpack, hash and check is nobody's wait.
 * It says one thing and ends.
 */
import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { PdpError, type Fault } from '../../contract/error-code.ts'
import { readSet, type ReadRequest, type ReadSet } from './read-set.ts'

export type FromReader =
  | { readonly kind: 'read'; readonly set: ReadSet }
  | { readonly kind: 'refused'; readonly message: string; readonly faults: readonly Fault[] }

const niceness = 10

const request = workerData as ReadRequest
// On Linux a priority is the thread's own; elsewhere it would be that of the whole service.
if (request.isBackground && process.platform === 'linux') setPriority(0, niceness)
try {
  const set = await readSet(request)
  send({ kind: 'read', set }, [set.wasm.buffer, set.data.buffer, set.registry.buffer])
} catch (error) {
  // Anything else ends the thread with an error, and no set is read.
  if (!(error instanceof PdpError) || error.code !== 'bundle_refused') throw error
  send({ kind: 'refused', message: error.message, faults: error.faults })
}

function send(message: FromReader, handedOver: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, [...handedOver])
}
