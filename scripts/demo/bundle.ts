/** The bundles that the PDP of the demo loads: the repository's policy, and a registry signed just now. */
import { createPrivateKey, sign } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { developmentKeyId } from '../../service/bundle/development-key.ts'
import { writeDataBundle } from '../../service/bundle/write-bundle.ts'
import type { Registry } from '../../service/contract/registry.ts'

const repository = join(import.meta.dirname, '../../bundles')

/** The service's own writer makes the registry's bundle: OPA and Go are not needed. */
export function writeBundles(directory: string, registry: Registry): void {
  mkdirSync(directory, { recursive: true })
  copyFileSync(join(repository, 'policy.tar.gz'), join(directory, 'policy.tar.gz'))
  const key = createPrivateKey(readFileSync(join(repository, 'development-key/private.pem')))
  const bundle = writeDataBundle(
    { registry },
    { roots: ['registry'], sequence: 1 },
    {
      keyId: developmentKeyId,
      algorithm: 'EdDSA',
      scope: null,
      sign: (input) => sign(null, input, key),
    },
  )
  writeFileSync(join(directory, 'registry.tar.gz'), bundle)
}
