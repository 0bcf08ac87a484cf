/** Runs code of this thread that may never end: `node:vm` has V8 stop it, in WebAssembly and in JavaScript alike. */
import { createContext, Script } from 'node:vm'

const script = new Script('act()')

/** @returns what `act` returns; null when it was stopped, wherever it was: nothing that it used can be trusted. */
export function stopAfter<T extends object>(milliseconds: number, act: () => T): T | null {
  try {
    const context = createContext({ act })
    return script.runInContext(context, { timeout: Math.ceil(milliseconds) }) as T
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return null
    throw error
  }
}
