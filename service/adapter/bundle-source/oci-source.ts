/**
 * Bundles as layers of an image in an OCI registry. An unchanged tag costs one small request.
 *
 * Every digest is computed here: of the manifest, when the reference or the registry names one, and of each
 * layer, which may then come from wherever the registry sends for it.
 */
import { readFile } from 'node:fs/promises'
import type { BundleSource as Config } from '../../contract/config.ts'
import { limits } from '../../contract/limits.ts'
import type { Tarball } from '../../port/bundle-source.ts'
import { digestOfText } from '../../statement/digest.ts'
import { fetchBounded, type Answer } from '../outbound/fetch-bounded.ts'
import { delaysOf, type LoopOptions, type Seen } from './keep-looking.ts'
import { parseOciReference, type OciReference } from './oci-reference.ts'
import { registryOf, type Registry } from './oci-registry.ts'

export type OciConfig = Extract<Config, { readonly oci: string }>

type Layer = { readonly digest: string; readonly size: number }

export const layerType = 'application/vnd.oci.image.layer.v1.tar+gzip'
export const manifestType = 'application/vnd.oci.image.manifest.v1+json'
const manifestBounds = { milliseconds: 10_000, bytes: 256 * 1024 }
const blobBounds = { milliseconds: limits.bundleMilliseconds, bytes: limits.bundleBytes }

export function ociLoop(config: OciConfig): Omit<LoopOptions, 'clock'> {
  const named = parseOciReference(config.oci)
  const registry = named === null ? null : registryOf({ ...named, ...accessOf(config) }, 'pull')
  return {
    kind: 'oci',
    location: config.oci,
    delays: () => delaysOf(config),
    mostBackOff: delaysOf(config)[1],
    async look(before, signal): Promise<Seen> {
      if (named === null || registry === null)
        throw new Error(`"${config.oci}": write host/repository:tag or host/repository@sha256:…`)
      const manifest = await readManifest(registry, named, before, signal)
      if (manifest === 'unchanged' || manifest.digest === before) return 'unchanged'
      const tarballs: Tarball[] = []
      for (const layer of manifest.layers) {
        const bytes = await readLayer(registry, named, layer, {
          internal: config.internal ?? false,
          signal,
        })
        tarballs.push({ name: `${config.oci}#${layer.digest}`, bytes })
      }
      return { version: manifest.digest, tarballs }
    },
  }
}

function accessOf({ internal = false, username, password_file: file }: OciConfig) {
  return {
    internal,
    credential: async () =>
      username === undefined || file === undefined
        ? null
        : { username, password: (await readFile(file, 'utf8')).trim() },
  }
}

async function readManifest(
  registry: Registry,
  { repository, reference }: OciReference,
  before: string | null,
  signal: AbortSignal,
): Promise<'unchanged' | { readonly digest: string; readonly layers: readonly Layer[] }> {
  const answer = await registry({
    path: `/v2/${repository}/manifests/${reference}`,
    headers: {
      accept: manifestType,
      ...(before === null ? {} : { 'if-none-match': `"${before}"` }),
    },
    ...{ bounds: manifestBounds, signal },
  })
  if (answer.status === 304 && before !== null) return 'unchanged'
  if (answer.status !== 200)
    throw new Error(`the registry answered ${String(answer.status)} for the manifest`)
  const digest = digestOfText(answer.bytes)
  const claimed = reference.startsWith('sha256:')
    ? reference
    : answer.header('docker-content-digest')
  if (claimed !== null && claimed !== digest)
    throw new Error(`the registry sent a manifest of digest ${digest} for ${claimed}`)
  return { digest, layers: layersOf(answer) }
}

function layersOf({ bytes }: Answer): readonly Layer[] {
  const { layers } = JSON.parse(Buffer.from(bytes).toString()) as { layers?: unknown }
  const all: readonly unknown[] = Array.isArray(layers) ? layers : []
  const bundles = all.flatMap((layer) => {
    const { mediaType, digest, size } = (layer ?? {}) as Readonly<Record<string, unknown>>
    return mediaType === layerType && typeof digest === 'string' && typeof size === 'number'
      ? [{ digest, size }]
      : []
  })
  if (bundles.length > 0) return bundles
  throw new Error(`the image has no layer of type ${layerType}: push the bundle as one`)
}

async function readLayer(
  registry: Registry,
  { repository }: OciReference,
  { digest, size }: Layer,
  { internal, signal }: { readonly internal: boolean; readonly signal: AbortSignal },
): Promise<Uint8Array> {
  if (size > limits.bundleBytes)
    throw new Error(`the layer has more than ${String(limits.bundleBytes)} bytes: make it smaller`)
  const path = `/v2/${repository}/blobs/${digest}`
  const first = await registry({ path, bounds: blobBounds, signal })
  const answer = await followed(first, internal, signal)
  if (answer.status !== 200)
    throw new Error(`the registry answered ${String(answer.status)} for the layer`)
  const found = digestOfText(answer.bytes)
  if (found !== digest)
    throw new Error(`the registry sent a layer of digest ${found} for ${digest}`)
  return answer.bytes
}

/** Registries send for blobs to a storage service, once, where our credential has no business. */
async function followed(answer: Answer, internal: boolean, signal: AbortSignal): Promise<Answer> {
  const location = answer.header('location')
  if (answer.status < 300 || answer.status > 399 || location === null) return answer
  return fetchBounded({ url: location, internal, headers: {}, bounds: blobBounds, signal })
}
