// `opa build` for WebAssembly: what it compiled, and what it says of it.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { readTar } from '../../service/bundle/read-tar.ts'
import { PdpError } from '../../service/contract/error-code.ts'
import { ProgramFailed, run } from '../parts/run.ts'

interface Built {
  readonly wasm: Uint8Array
  /** The manifest's `wasm`: entrypoints with the annotations of their rules. */
  readonly resolvers: readonly unknown[]
  /** The Rego sources, as they belong beside the module. */
  readonly sources: ReadonlyMap<string, Uint8Array>
}

interface BuildOptions {
  /** Paths of sources are relative to it. */
  readonly folder: string
  readonly entrypoints: readonly string[]
  readonly capabilities?: string
}

/** Without optimisation: OPA would fold data into the module. @throws PdpError `usage` with what OPA says. */
export function buildWasm(opa: string, files: readonly string[], options: BuildOptions): Built {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-build-'))
  try {
    const out = join(folder, 'bundle.tar.gz')
    const limits = options.capabilities === undefined ? [] : ['--capabilities', options.capabilities]
    const entrypoints = options.entrypoints.flatMap((entrypoint) => ['-e', entrypoint])
    const target = ['-O', '0', '-t', 'wasm', ...entrypoints, '-o', out]
    compile(opa, [...target, ...limits, ...files], options.folder)
    return unpack(readFileSync(out))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function compile(opa: string, given: readonly string[], folder: string): void {
  try {
    run(opa, ['build', ...given], { folder })
  } catch (cause) {
    if (!(cause instanceof ProgramFailed)) throw cause
    const said = cause.printed.trim().replace(/^error: /u, '')
    if (/: (?:file too large|no space left on device|disk quota exceeded)$/u.test(said))
      throw new PdpError('not_ready', `${said}: make room, or set TMPDIR to another disk.`, { cause })
    throw new PdpError('usage', `The policy does not compile: ${said}`, { cause })
  }
}

function unpack(tarball: Uint8Array): Built {
  const files = readTar(gunzipSync(tarball))
  const wasm = files.get('policy.wasm')
  const manifest = files.get('.manifest')
  if (wasm === undefined || manifest === undefined) throw new Error('opa build made no module')
  const { wasm: resolvers = [] } = JSON.parse(new TextDecoder().decode(manifest)) as {
    wasm?: readonly unknown[]
  }
  const sources = new Map([...files].filter(([path]) => path.endsWith('.rego')))
  return { wasm, resolvers, sources }
}
