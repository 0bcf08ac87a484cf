// `countersign policy inspect`: what a bundle is and holds, wherever it lies. It verifies nothing, and says so.

import { decisionEntrypoint } from '../../service/bundle/compose-activation.ts'
import { manifestFile } from '../../service/bundle/check-files.ts'
import { isObject } from '../../service/bundle/json-value.ts'
import { hostBuiltinNames } from '../../service/adapter/policy-engine/builtin/host-builtins.ts'
import { WasmPolicy } from '../../service/adapter/policy-engine/wasm-policy.ts'
import { importedMemory } from '../../service/bundle/wasm-memory.ts'
import { limits } from '../../service/contract/limits.ts'
import { hexDigest } from '../../service/statement/digest.ts'
import { openBundle, type OpenedBundle } from '../bundles/open-bundle.ts'
import { type Call, type Command, type Outcome, usage } from '../command/command.ts'
import { imageDigest } from '../registry/push-oci.ts'
import { onlyPositional } from './arguments.ts'
import { locateBundles, remoteOptions, remoteUsage } from './locate-bundles.ts'
import { ociTarget } from './oci-target.ts'

export const inspect: Command = {
  name: 'inspect',
  summary: 'what a bundle holds: manifest, files, entrypoints, builtins, signer, rules',
  usage: `<bundle>... [options]

  <bundle>               a file, a directory of bundles, oci://host/repository:tag or a URL
  --digest               print nothing but where the tag of an image leads now: oci://host/repository@sha256:…
${remoteUsage}

Nothing is verified here: see "verify".
Exit code 0: shown. 1: with --digest, the tag is not there. 2: it is no bundle. 3: a server or a disk failed.`,
  options: { ...remoteOptions, digest: { type: 'boolean' } },
  run: inspectBundles,
}

/** What the signature says of itself; nobody has checked it. */
interface Claimed {
  readonly key_id: string | null
  readonly algorithm: string | null
  readonly scope: string | null
}

async function inspectBundles(call: Call): Promise<Outcome> {
  if (call.positionals.length === 0) throw usage('Name a bundle to look into.')
  if (call.values['digest'] === true) return await digestOutcome(call)
  const located = await Promise.all(call.positionals.map((place) => locateBundles(place, call)))
  const seen: Awaited<ReturnType<typeof describe>>[] = []
  for (const tarball of located.flat()) seen.push(await describe(await openBundle(tarball)))
  return { exit: 0, json: { bundles: seen }, text: seen.map(pageOf).join('\n\n') }
}

async function digestOutcome(call: Call): Promise<Outcome> {
  const place = onlyPositional(call, 'an image by its tag')
  if (!place.startsWith('oci://'))
    throw usage(`${place}: only an image in a registry has a digest: oci://host/repository:tag.`)
  const [named, options] = ociTarget(place, call)
  const digest = await imageDigest(named, options)
  if (digest === null) return { exit: 1, json: { image: null }, text: '' }
  const image = `${place.replace(/:[^:/]+$/u, '')}@${digest}`
  return { exit: 0, json: { image }, text: image }
}

async function describe({ name, bytes, bundle, files, signatures }: OpenedBundle) {
  const builtins = bundle.wasm === null ? [] : await builtinsOf(bundle.wasm)
  const manifest = JSON.parse(Buffer.from(files.get(manifestFile) ?? '{}').toString()) as {
    readonly metadata?: Readonly<Record<string, unknown>>
  }
  const { rules: _rules, ...metadata } = manifest.metadata ?? {}
  return {
    name,
    bytes: bytes.length,
    digest: bundle.digest,
    revision: bundle.revision,
    sequence: bundle.sequence,
    roots: bundle.roots,
    signature: signatures === null ? null : claimedBy(signatures),
    entrypoints: bundle.entrypoints,
    builtins: builtins.map((builtin) => ({ name: builtin, known: hostBuiltinNames.has(builtin) })),
    data: [...bundle.data].map(([member, value]) => ({
      name: member,
      members: isObject(value) ? [...value.keys()] : null,
    })),
    self_check: bundle.selfCheck.map((one) => one.name),
    metadata,
    rules: bundle.rules,
    files: [...files].map(([path, content]) => ({
      path,
      bytes: content.length,
      sha256: hexDigest('SHA-256', content),
    })),
  }
}

/** What the module asks of its host. */
async function builtinsOf(wasm: Uint8Array): Promise<readonly string[]> {
  const program = {
    module: await WebAssembly.compile(wasm),
    data: new TextEncoder().encode('{}').buffer,
    entrypoint: decisionEntrypoint,
    initialPages: importedMemory(wasm).minimum,
    maximumPages: limits.evaluationPages,
    resultBytes: 0,
  }
  const policy = new WasmPolicy(program, () => Promise.resolve({}))
  await policy.link()
  return policy.describe().builtins.toSorted()
}

function claimedBy(signatures: Uint8Array): Claimed {
  try {
    const file = JSON.parse(Buffer.from(signatures).toString()) as { signatures: [string] }
    const [header = '', payload = ''] = file.signatures[0].split('.')
    const { kid, alg } = parsed(header)
    const { scope, keyid } = parsed(payload)
    return { key_id: textOf(kid ?? keyid), algorithm: textOf(alg), scope: textOf(scope) }
  } catch {
    return { key_id: null, algorithm: null, scope: null }
  }
}

function parsed(part: string): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function pageOf(seen: Awaited<ReturnType<typeof describe>>): string {
  const { signature } = seen
  const signer =
    signature === null
      ? 'nobody'
      : `${signature.key_id ?? 'an unnamed key'} (${signature.algorithm ?? 'no algorithm'}), not verified here`
  const strange = seen.builtins.filter(({ known }) => !known).map((one) => one.name)
  return [
    seen.name,
    `digest       ${seen.digest}, ${String(seen.bytes)} bytes`,
    `revision     ${seen.revision}`,
    `sequence     ${String(seen.sequence)}`,
    `owns         ${seen.roots.join(', ') || 'everything'}`,
    `signed by    ${signer}`,
    ...(seen.entrypoints.length === 0 ? [] : [`entrypoints  ${seen.entrypoints.join(', ')}`]),
    ...(seen.builtins.length === 0
      ? []
      : [`builtins     ${seen.builtins.map((one) => one.name).join(', ')}`]),
    ...(strange.length === 0 ? [] : [`unknown      ${strange.join(', ')}: no service loads this`]),
    ...seen.data.map(
      ({ name, members }) => `data         ${name}: ${members?.join(', ') ?? 'a value'}`,
    ),
    ...(seen.self_check.length === 0
      ? []
      : [`self-check   ${String(seen.self_check.length)} cases`]),
    ...Object.entries(seen.rules).map(
      ([code, { file, lines }]) => `rule         ${code}  ${file}:${lines.join(',')}`,
    ),
    ...seen.files.map(({ path, bytes }) => `file         ${path}  ${String(bytes)} bytes`),
  ].join('\n')
}
