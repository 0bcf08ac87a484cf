/** A real OCI registry (the distribution project's), in memory or on disk, with or without a password. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { resolvePart } from '../../scripts/parts/resolve.ts'
import { freePort, startProgram } from './real-program.ts'

export type OciRegistry = {
  /** `127.0.0.1:<port>`. */
  readonly host: string
  /** Where it keeps blobs: `docker/registry/v2/blobs/sha256/…`. */
  readonly folder: string
  /** What it logged: one line a request. */
  readonly log: () => string
  readonly stop: () => Promise<void>
}

/** @param htpasswd a line of an htpasswd file with a bcrypt hash; without it anybody may push. */
export async function startRegistry(htpasswd?: string): Promise<OciRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-registry-'))
  const port = await freePort()
  const config = join(folder, 'config.yml')
  const passwords = join(folder, 'htpasswd')
  if (htpasswd !== undefined) writeFileSync(passwords, `${htpasswd}\n`)
  writeFileSync(
    config,
    `version: 0.1
log: { level: info, accesslog: { disabled: false } }
storage: { filesystem: { rootdirectory: ${folder} }, delete: { enabled: true } }
http: { addr: "127.0.0.1:${String(port)}", secret: test }
${htpasswd === undefined ? '' : `auth: { htpasswd: { realm: test, path: ${passwords} } }`}
`,
  )
  const program = await startProgram(resolvePart('docker-registry'), port, ['serve', config])
  return { host: `127.0.0.1:${String(port)}`, folder, log: program.output, stop: program.stop }
}
