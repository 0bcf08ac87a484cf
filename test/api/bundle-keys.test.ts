/** Who may sign what a running service decides by: several live keys, a change of keys without a gap, nobody else. */
import { createPrivateKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from '@jest/globals'
import { developmentSigner } from '../../scripts/bundles/development-signer.ts'
import type { BundleSigner } from '../../service/bundle/write-bundle.ts'
import type { BundleKey } from '../../service/contract/config.ts'
import { startWith, stopAll, until, type Started } from '../support/policy-service.ts'
import { registryCopy, registryWithout, releasedBundles } from '../support/released-bundles.ts'

afterEach(stopAll)

const folder = mkdtempSync(join(tmpdir(), 'countersign-signers-'))
const development: BundleKey = {
  id: 'development',
  algorithm: 'EdDSA',
  public_key_file: new URL('../../bundles/development-key/public.pem', import.meta.url).pathname,
}

type Signing = { readonly key: BundleKey; readonly signer: BundleSigner }

/** A key of P-256, where the development key is of Ed25519. */
function signing(id: string, bounds: Partial<BundleKey> = {}): Signing {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const file = join(folder, `${id}-${String(Math.random())}.pem`)
  writeFileSync(file, pair.publicKey.export({ type: 'spki', format: 'pem' }))
  return {
    key: { id, algorithm: 'ES256', public_key_file: file, ...bounds },
    signer: signerOf(id, pair.privateKey),
  }
}

function signerOf(keyId: string, key: KeyObject): BundleSigner {
  const given = createPrivateKey(key.export({ type: 'pkcs8', format: 'pem' }))
  return {
    ...{ keyId, algorithm: 'ES256', scope: null },
    sign: (input) => sign('sha256', input, { key: given, dsaEncoding: 'ieee-p1363' }),
  }
}

const narrower = registryWithout('tool:status')

async function signers(service: Started): Promise<readonly string[]> {
  const { active } = await service.state()
  return (active?.bundles ?? []).map(({ signed_by: key }) => key).toSorted()
}

it('keys change without a gap: the old one and the next one are live together', async () => {
  const next = signing('next')
  const release = releasedBundles()
  const service = await startWith(release.directory, { keys: [development, next.key] })
  expect(await signers(service)).toEqual(['development', 'development'])

  const stopping = new AbortController()
  const statuses = new Set<number>()
  const asked = (async () => {
    while (!stopping.signal.aborted)
      statuses.add((await service.post('/v1/decisions', service.permitted)).status)
  })()
  release.release(narrower, 11, next.signer)
  await until(async () => (await service.effect()) === 'deny')
  expect(await signers(service)).toEqual(['development', 'next'])
  release.release(registryCopy(), 12, developmentSigner())
  await until(async () => (await service.effect()) === 'permit')
  stopping.abort()
  await asked
  expect([...statuses]).toEqual([200])
})

const now = Math.floor(Date.now() / 1000)
const ours = signing('ours')
const strangers: readonly (readonly [string, BundleKey, BundleSigner, string])[] = [
  ['of another tenant', ours.key, signing('theirs').signer, 'signature_key_unknown'],
  ['of another tenant, of the same name', ours.key, signing('ours').signer, 'signature_invalid'],
  ...[signing('past', { not_after: now - 1 })].map(
    ({ key, signer }) => ['that has run out', key, signer, 'signature_key_expired'] as const,
  ),
  ...[signing('future', { not_before: now + 3600 })].map(
    ({ key, signer }) => ['that is not valid yet', key, signer, 'signature_key_not_yet'] as const,
  ),
]

it.each(strangers)(
  'a bundle signed by a key %s decides nothing',
  async (_, key, signer, reason) => {
    const release = releasedBundles()
    const service = await startWith(release.directory, { keys: [development, key] })
    release.release(narrower, 11, signer)
    await until(async () => (await service.state()).refused !== null)
    expect((await service.state()).refused?.reasons).toEqual([reason])
    expect(await service.effect()).toBe('permit')
    expect(await signers(service)).toEqual(['development', 'development'])
  },
)
