/**
 * Has V8 give back what nothing refers to any more. It counts the memory of a WebAssembly instance as next to
 * nothing, so that dropped instances would pile up to gigabytes before it looked for them by itself.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Takes a few milliseconds in a thread with a small heap. */
export function letGo(): void {
  collect()
}
