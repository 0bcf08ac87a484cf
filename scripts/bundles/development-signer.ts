// Signs with the development key, whose private half is in the repository: production refuses it.

import { createPrivateKey, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readBundleKeys } from '../../service/adapter/bundle-reader/bundle-keys.ts'
import { developmentKeyId } from '../../service/bundle/development-key.ts'
import type { BundleKey } from '../../service/bundle/signatures.ts'
import type { BundleSigner } from '../../service/bundle/write-bundle.ts'
import { root } from '../parts/root.ts'

const folder = join(root, 'bundles/development-key')

export function developmentSigner(): BundleSigner {
  const key = createPrivateKey(readFileSync(join(folder, 'private.pem')))
  return {
    keyId: developmentKeyId,
    algorithm: 'EdDSA',
    scope: null,
    sign: (signingInput) => sign(null, signingInput, key),
  }
}

/** What development mode verifies with. */
export function developmentBundleKeys(): readonly BundleKey[] {
  const public_key_file = join(folder, 'public.pem')
  return readBundleKeys([{ id: developmentKeyId, algorithm: 'EdDSA', public_key_file }], 'development')
}
