// The service as it ships, as a child process: the policy bundle of the repository, and the measured
// registry as a signed bundle of its own, made by the service's own writer.

import { copyFileSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { firstIndexOf } from '../../service/adapter/audit-log/segments.ts'
import { development } from '../../service/adapter/development/development-tenant.ts'
import { scanSegment } from '../../service/audit/scan.ts'
import type { Registry } from '../../service/contract/registry.ts'
import { writeBundles } from '../bundles/registry-directory.ts'
import { root } from '../parts/root.ts'
import { freePort, startProcess, stopProcess, type Contestant } from './contestant.ts'

export type Served = {
  readonly registry: Registry
  /** A signed bundle in the place of the repository's policy. */
  readonly policy?: string
  /** The gateway's token, which travels in the Authorization header. */
  readonly pepToken: string
}

export async function startCountersign(
  folder: string,
  data: string,
  { registry, policy, pepToken }: Served,
): Promise<Contestant> {
  const bundles = join(folder, 'bundles')
  writeBundles(bundles, registry)
  if (policy !== undefined) copyFileSync(policy, join(bundles, 'policy.tar.gz'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = await startProcess(
    process.execPath,
    [
      ...[join(root, 'service/main.ts'), 'serve', '--development', '--port', String(port)],
      ...['--data', data, '--bundles', bundles],
    ],
    { ready: `${url}/readyz`, output: openSync(join(folder, 'countersign.log'), 'w') },
  )
  return {
    name: 'countersign',
    url: `${url}/v1/decisions`,
    bearer: pepToken,
    bodyOf: (query) => JSON.stringify(query),
    process: child,
    stop: () => stopProcess(child),
  }
}

/** Decisions in the log's own files, counted after the service has stopped. */
export function decisionsInLog(data: string): number {
  const folder = join(data, 'tenants', development.tenant, 'log')
  let decisions = 0
  for (const name of readdirSync(folder).filter((file) => firstIndexOf(file) !== null)) {
    for (const { leaf } of scanSegment(readFileSync(join(folder, name)), crc32).frames) {
      if (typOf(leaf) === 'decision+jwt') decisions += 1
    }
  }
  return decisions
}

const typs = new Map<string, unknown>()

function typOf(leaf: Uint8Array): unknown {
  const header = Buffer.from(leaf.subarray(0, leaf.indexOf(0x2e))).toString('latin1')
  const known = typs.get(header)
  if (known !== undefined) return known
  const { typ } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { typ?: unknown }
  typs.set(header, typ)
  return typ
}
