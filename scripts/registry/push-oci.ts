// Pushes a bundle to an OCI registry as OPA's own downloader and ours expect it: one layer, an empty
// configuration, one tag. Blobs first, then the manifest that names them: a push that ends early changes no tag.

import {
  parseOciReference,
  type OciReference,
} from '../../service/adapter/bundle-source/oci-reference.ts'
import { registryOf, type Registry } from '../../service/adapter/bundle-source/oci-registry.ts'
import { layerType, manifestType } from '../../service/adapter/bundle-source/oci-source.ts'
import type { Digest } from '../../service/contract/digest.ts'
import { PdpError } from '../../service/contract/error-code.ts'
import { digestOfText } from '../../service/statement/digest.ts'

export interface PushOptions {
  /** The registry is on a private network and speaks http. */
  readonly internal: boolean
  readonly username?: string
  readonly password?: string
}

interface Blob {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}

const bounds = { milliseconds: 120_000, bytes: 256 * 1024 }
const configType = 'application/vnd.oci.image.config.v1+json'

/** The digest of the manifest: what the tag now names. Throws one error that says what the registry answered. */
export async function pushOci(
  reference: string,
  bytes: Uint8Array,
  options: PushOptions,
): Promise<{ readonly digest: string }> {
  const { named, registry } = open(reference, options)
  const config = await upload(registry, named.repository, Buffer.from('{}'), configType)
  const layer = await upload(registry, named.repository, bytes, layerType)
  const manifest = Buffer.from(
    JSON.stringify({ schemaVersion: 2, mediaType: manifestType, config, layers: [layer] }),
  )
  const path = `/v2/${named.repository}/manifests/${named.reference}`
  const headers = { 'content-type': manifestType }
  const answer = await registry({ method: 'PUT', path, headers, body: manifest, bounds })
  if (answer.status !== 201) throw refused(reference, 'the manifest', answer.status)
  return { digest: digestOfText(manifest) }
}

/** The digest of the image that the tag names, computed here; null when it names none. Throws like `pushOci`. */
export async function imageDigest(reference: string, options: PushOptions): Promise<Digest | null> {
  const { named, registry } = open(reference, options)
  const path = `/v2/${named.repository}/manifests/${named.reference}`
  const { status, bytes } = await registry({ path, headers: { accept: manifestType }, bounds })
  if (status === 404) return null
  if (status !== 200) throw refused(reference, 'a look at the tag', status)
  return digestOfText(bytes)
}

function open(
  reference: string,
  { internal, username, password = '' }: PushOptions,
): { readonly named: OciReference; readonly registry: Registry } {
  const named = parseOciReference(reference)
  if (named === null || named.reference.startsWith('sha256:'))
    throw new PdpError('usage', `"${reference}": write host/repository:tag.`)
  const credential = (): Promise<{ username: string; password: string } | null> =>
    Promise.resolve(username === undefined ? null : { username, password })
  const ask = registryOf({ ...named, internal, credential }, 'pull,push')
  const registry: Registry = (what) =>
    ask(what).catch((cause: unknown) => {
      const said = cause instanceof Error ? cause.message : String(cause)
      throw new PdpError('not_ready', `${reference}: ${said}.`, { cause })
    })
  return { named, registry }
}

async function upload(
  registry: Registry,
  repository: string,
  body: Uint8Array,
  mediaType: string,
): Promise<Blob> {
  const digest = digestOfText(body)
  const blob = { mediaType, digest, size: body.length }
  const there = await registry({
    method: 'HEAD',
    path: `/v2/${repository}/blobs/${digest}`,
    bounds,
  })
  if (there.status === 200) return blob
  const begun = await registry({ method: 'POST', path: `/v2/${repository}/blobs/uploads/`, bounds })
  const location = begun.header('location')
  if (begun.status !== 202 || location === null)
    throw refused(repository, 'an upload', begun.status)
  const path = `${location}${location.includes('?') ? '&' : '?'}digest=${encodeURIComponent(digest)}`
  const headers = { 'content-type': 'application/octet-stream' }
  const done = await registry({ method: 'PUT', path, headers, body, bounds })
  if (done.status !== 201) throw refused(repository, 'a blob', done.status)
  return blob
}

function refused(what: string, part: string, status: number): PdpError {
  const remedy =
    status === 401 || status === 403
      ? 'name a user and a password that may push'
      : 'try again, or ask its operator'
  return new PdpError(
    'not_ready',
    `${what}: the registry refuses ${part} (${String(status)}): ${remedy}.`,
  )
}
