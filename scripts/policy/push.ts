// `countersign policy push`: a signed bundle to where services fetch it from. What does not verify is not
// pushed, nor what is older than what is there.

import { basename, join } from 'node:path'
import { layerType } from '../../service/adapter/bundle-source/oci-source.ts'
import { digestOfText } from '../../service/statement/digest.ts'
import { keyOptions, keyUsage } from '../bundles/signing-key.ts'
import { type Call, type Command, type Outcome, usage } from '../command/command.ts'
import { kindOf, readGiven } from '../command/read-file.ts'
import { writeWhole } from '../command/write-file.ts'
import { imageDigest, pushOci } from '../registry/push-oci.ts'
import { locateBundles, remoteOptions, remoteUsage } from './locate-bundles.ts'
import { ociTarget } from './oci-target.ts'
import { floorsOfBundles, keysOf, verifyEach, verifyTogether, type Verified } from './verify.ts'
import type { Tarball } from '../../service/port/bundle-source.ts'

export const push: Command = {
  name: 'push',
  summary: 'put a signed bundle where services fetch it: a registry or a directory',
  usage: `<bundle> <target> --key <id>=<file> [options]

  <target>               oci://host/repository:tag, or a directory (that an HTTP server serves, or a service
                         watches), or a file in one
${keyUsage}
${remoteUsage}

The bundle must verify with the keys, and its sequence may not be below that of a bundle at the target that
verifies with them. An image gets one layer (${layerType}),
as OPA's own download wants it; a file appears whole or not at all.

Exit code 0: pushed. 1: refused, and the target is as it was. 2: an argument or a key cannot be used.
3: a server or a disk failed.`,
  options: { ...keyOptions, ...remoteOptions },
  run: pushBundle,
}

async function pushBundle(call: Call): Promise<Outcome> {
  const [path, target, ...more] = call.positionals
  if (path === undefined || target === undefined || more.length > 0)
    throw usage('Name a bundle and a target: <bundle> <target>.')
  const keys = keysOf(call)
  const tarball = { name: basename(path), bytes: readGiven(path, 'a signed bundle') }
  const { verified, refused } = await verifyEach([tarball], keys)
  const floors = floorsOfBundles((await standing(target, path, call, keys)).verified)
  const all = [...refused, ...(refused.length > 0 ? [] : await verifyTogether(verified, floors))]
  if (all.length > 0) {
    const lines = all.map(({ reason, message }) => `refused (${reason}): ${message}`)
    return { exit: 1, json: { pushed: false, refused: all }, text: lines.join('\n') }
  }
  const place = await put(target, path, tarball, call)
  return pushedOutcome(place, tarball, verified)
}

function pushedOutcome(
  place: { readonly to: string; readonly image: string | null },
  { bytes }: Tarball,
  [pushed]: readonly Verified[],
): Outcome {
  const digest = digestOfText(bytes)
  const sequence = pushed?.bundle.sequence ?? 0
  const image = place.image === null ? {} : { image: place.image }
  return {
    exit: 0,
    json: {
      pushed: true,
      to: place.to,
      digest,
      sequence,
      revision: pushed?.bundle.revision,
      ...image,
    },
    text: `${place.to}: sequence ${String(sequence)}, ${digest}${place.image === null ? '' : `\nimage ${place.image}`}`,
  }
}

/** What a service would load from there now. What verifies no more decides nowhere, and counts for nothing. */
async function standing(
  target: string,
  path: string,
  call: Call,
  keys: ReturnType<typeof keysOf>,
): Promise<Awaited<ReturnType<typeof verifyEach>>> {
  if (!target.startsWith('oci://')) {
    const file = fileOf(target, path)
    if (kindOf(file) === 'absent') return { verified: [], refused: [] }
    return verifyEach([{ name: file, bytes: readGiven(file, 'a file to push to') }], keys)
  }
  const there = await imageDigest(...ociTarget(target, call))
  return verifyEach(there === null ? [] : await locateBundles(target, call), keys)
}

async function put(
  target: string,
  path: string,
  { bytes }: Tarball,
  call: Call,
): Promise<{ readonly to: string; readonly image: string | null }> {
  if (!target.startsWith('oci://')) {
    const file = fileOf(target, path)
    writeWhole(file, bytes)
    return { to: file, image: null }
  }
  const [oci, options] = ociTarget(target, call)
  const { digest } = await pushOci(oci, bytes, options)
  return { to: target, image: digest }
}

function fileOf(target: string, path: string): string {
  if (/^[a-z]+:\/\//u.test(target)) {
    throw usage(
      `${target}: push to oci://host/repository:tag, or to the directory that the HTTP server serves.`,
    )
  }
  if (kindOf(target) === 'directory') return join(target, basename(path))
  if (target.endsWith('.tar.gz')) return target
  throw usage(
    `${target}: there is no such directory; make it, or name a file that ends in .tar.gz.`,
  )
}
