// Releases of one registry, each in a bundle of the same size: beside what is asked about it lists capabilities that
// nobody asks for, with digests that cannot be packed.

import { createHash } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeDataBundle } from '../../service/bundle/write-bundle.ts'
import type { Registry, Server } from '../../service/contract/registry.ts'
import { developmentSigner } from '../bundles/development-signer.ts'

export type Releases = {
  /** Makes the next one; what is returned puts it there, in one step. */
  readonly prepare: () => () => void
  /** Of the newest bundle. */
  readonly bytes: () => number
}

const ofServer = 100

export function releaseInto(directory: string, registry: Registry, bytes: number): Releases {
  const [sample] = Object.values(registry.servers)
  if (sample === undefined) throw new Error('the registry has no server')
  const bundleOf = (servers: number, sequence: number): Uint8Array => {
    const more = Array.from({ length: servers }, (_, server) => filler(sample, server, sequence))
    const padded = { ...registry, servers: { ...registry.servers, ...Object.fromEntries(more) } }
    const about = { roots: ['registry'], sequence }
    return writeDataBundle({ registry: padded }, about, developmentSigner())
  }
  const bare = bundleOf(0, 0).length
  const servers = Math.ceil((bytes - bare) / ((bundleOf(20, 0).length - bare) / 20))
  let [sequence, size] = [1, 0]
  return {
    bytes: () => size,
    prepare: () => {
      sequence += 1
      const bundle = bundleOf(servers, sequence)
      size = bundle.length
      const unfinished = join(directory, '.next')
      writeFileSync(unfinished, bundle)
      return () => {
        renameSync(unfinished, join(directory, 'registry.tar.gz'))
      }
    },
  }
}

function filler(sample: Server, server: number, sequence: number): readonly [string, Server] {
  const tool = (number: number): Server['capabilities'][string] => {
    const name = `${sequence}/${server}/${number}`
    const digest = createHash('sha256').update(name).digest('hex')
    return { kind: 'tool', effects: [], groups: [], definition_digest: `sha256:${digest}` }
  }
  const capabilities = Object.fromEntries(
    Array.from({ length: ofServer }, (_, number) => [`tool:t${number}`, tool(number)]),
  )
  const resource = `https://mcp.dev.countersign.test/filler-${server}`
  const workload = { spiffe_id: `spiffe://dev.countersign.test/mcp/filler-${server}` }
  return [`filler-${server}`, { ...sample, resource, workload, capabilities }]
}
