/** A directory of bundles to serve from: the repository's policy, and a registry that is signed just now. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeDataBundle } from '../../service/bundle/write-bundle.ts'
import type { Registry } from '../../service/contract/registry.ts'
import { developmentSigner } from './development-signer.ts'

const repository = join(import.meta.dirname, '../../bundles')

/**
 * The service's own writer makes the registry's bundle: OPA and Go are not needed.
 *
 * @param policy another bundle with a policy; null for that of the repository
 */
export function writeBundles(
  directory: string,
  registry: Registry,
  policy: string | null = null,
): void {
  mkdirSync(directory, { recursive: true })
  copyFileSync(policy ?? join(repository, 'policy.tar.gz'), join(directory, 'policy.tar.gz'))
  const about = { roots: ['registry'], sequence: 1 }
  const bundle = writeDataBundle({ registry }, about, developmentSigner())
  writeFileSync(join(directory, 'registry.tar.gz'), bundle)
}
