/** A directory of bundles as a release leaves them: the policy of the repository, and a registry that a test changes. */
import { copyFileSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { developmentSigner } from '../../scripts/bundles/development-signer.ts'
import { writeDataBundle, type BundleSigner } from '../../service/bundle/write-bundle.ts'
import type { Registry } from '../../service/contract/registry.ts'

const root = join(import.meta.dirname, '../..')

/** The development registry, to be changed by whoever asked for it. */
export function registryCopy(): Registry {
  return JSON.parse(readFileSync(join(root, 'rego/data/registry.json'), 'utf8')) as Registry
}

export function registryWithout(key: string): Registry {
  const registry = registryCopy()
  delete registry.servers['ops']?.capabilities[key]
  return registry
}

export type Release = {
  readonly directory: string
  /** Puts another registry in the place of the one before, in one step. */
  readonly release: (registry: Registry, sequence: number, signer?: BundleSigner) => void
  /** Puts other bytes in its place. */
  readonly replace: (bytes: Uint8Array) => void
  readonly registryBytes: () => Uint8Array
}

export function releasedBundles(registry = registryCopy(), sequence = 10): Release {
  const directory = mkdtempSync(join(tmpdir(), 'countersign-release-'))
  copyFileSync(join(root, 'bundles/policy.tar.gz'), join(directory, 'policy.tar.gz'))
  const path = join(directory, 'registry.tar.gz')
  const replace = (bytes: Uint8Array): void => {
    writeFileSync(join(directory, '.registry'), bytes)
    renameSync(join(directory, '.registry'), path)
  }
  const release: Release['release'] = (next, number, signer = developmentSigner()) => {
    replace(writeDataBundle({ registry: next }, { roots: ['registry'], sequence: number }, signer))
  }
  release(registry, sequence)
  return { directory, release, replace, registryBytes: () => readFileSync(path) }
}
