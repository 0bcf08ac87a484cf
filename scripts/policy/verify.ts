// `countersign policy verify`: would a service that trusts these keys activate these bundles? By its own
// reader, its own engine, and the cases that the bundles themselves bring.

import { readTarball } from '../../service/adapter/bundle-reader/read-bundles.ts'
import type { Bundle } from '../../service/bundle/read-bundle.ts'
import { checkSequence } from '../../service/bundle/sequence-order.ts'
import type { BundleKey } from '../../service/bundle/signatures.ts'
import { PdpError } from '../../service/contract/error-code.ts'
import { checkSelfCases } from '../../service/flow/check-self-cases.ts'
import type { Tarball } from '../../service/port/bundle-source.ts'
import { keyOptions, keyUsage, verificationKeys } from '../bundles/signing-key.ts'
import { type Call, type Command, type Outcome, usage } from '../command/command.ts'
import { optionalText, texts } from './arguments.ts'
import { startSet } from './judging-set.ts'
import { locateBundles, remoteOptions, remoteUsage } from './locate-bundles.ts'

export const verify: Command = {
  name: 'verify',
  summary: 'would a service that trusts these keys activate these bundles?',
  usage: `<bundle>... --key <id>=<file> [options]

  <bundle>               a file, a directory of bundles, oci://host/repository:tag or a URL; several are
                         verified one by one and then together
${keyUsage}
  --previous <bundle>    what was active before: a sequence below its own is refused
${remoteUsage}

Exit code 0: it would. 1: it would not; every refusal is said by its reason. 2: an argument or a key cannot
be used. 3: a server or a disk failed.`,
  options: { ...keyOptions, ...remoteOptions, previous: { type: 'string' } },
  run: verifyBundles,
}

export interface Verified {
  readonly name: string
  readonly bundle: Bundle
}

export interface Refused {
  readonly bundle: string
  readonly reason: string
  readonly place: string
  readonly message: string
}

async function verifyBundles(call: Call): Promise<Outcome> {
  const { positionals } = call
  if (positionals.length === 0) throw usage('Name a bundle to verify.')
  const keys = keysOf(call)
  const located = await Promise.all(positionals.map((place) => locateBundles(place, call)))
  const { verified, refused } = await verifyEach(located.flat(), keys)
  const floors = await floorsOf(optionalText(call, 'previous'), call, keys)
  const further = refused.length > 0 ? [] : await verifyTogether(verified, floors)
  return outcomeOf(verified, [...refused, ...further])
}

/** @throws PdpError `usage` when there is none: without a key nothing is verified. */
export function keysOf(call: Call): readonly BundleKey[] {
  const given = texts(call, 'key')
  if (given.length === 0) throw usage('Name a key that may have signed with --key <id>=<file>.')
  return verificationKeys(given, optionalText(call, 'scope'))
}

export async function verifyEach(
  tarballs: readonly Tarball[],
  keys: readonly BundleKey[],
): Promise<{ readonly verified: readonly Verified[]; readonly refused: readonly Refused[] }> {
  const verified: Verified[] = []
  const refused: Refused[] = []
  const now = Math.floor(Date.now() / 1000)
  for (const tarball of tarballs) {
    try {
      verified.push({ name: tarball.name, bundle: await readTarball(tarball, keys, now) })
    } catch (error) {
      refused.push(...refusalsOf(tarball.name, error))
    }
  }
  return { verified, refused }
}

/** The order of releases, then the engine and its own cases, for the bundles that hold a policy. */
export async function verifyTogether(
  verified: readonly Verified[],
  floors: Readonly<Record<string, number>>,
): Promise<readonly Refused[]> {
  const bundles = verified.map(({ bundle }) => bundle)
  try {
    checkSequence(
      verified.map(({ name, bundle }) => ({ ...bundle, name })),
      floors,
    )
    // Data alone has nothing that could be started.
    if (bundles.every(({ wasm }) => wasm === null)) return []
    const engine = await startSet(bundles)
    try {
      await checkSelfCases(
        bundles.flatMap(({ selfCheck }) => selfCheck),
        engine,
      )
    } finally {
      await engine.close()
    }
    return []
  } catch (error) {
    return refusalsOf(verified.map(({ name }) => name).join(', '), error)
  }
}

/** The sequence of each root that was released before. */
async function floorsOf(
  place: string | undefined,
  call: Call,
  keys: readonly BundleKey[],
): Promise<Readonly<Record<string, number>>> {
  if (place === undefined) return {}
  const { verified, refused } = await verifyEach(await locateBundles(place, call), keys)
  if (refused[0] !== undefined) throw usage(`--previous ${refused[0].message}`)
  return floorsOfBundles(verified)
}

export function floorsOfBundles(
  verified: readonly Pick<Verified, 'bundle'>[],
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    verified.flatMap(({ bundle }) => bundle.roots.map((root) => [root, bundle.sequence] as const)),
  )
}

function refusalsOf(bundle: string, error: unknown): readonly Refused[] {
  if (!(error instanceof PdpError) || error.code !== 'bundle_refused') throw error
  const [{ pointer, reason } = { pointer: '', reason: 'unreadable' }] = error.faults
  return [{ bundle, reason, place: pointer, message: error.message }]
}

function outcomeOf(verified: readonly Verified[], refused: readonly Refused[]): Outcome {
  const accepted = verified.map(({ name, bundle }) => ({
    name,
    digest: bundle.digest,
    revision: bundle.revision,
    sequence: bundle.sequence,
    roots: bundle.roots,
    signed_by: bundle.signedBy,
    self_check: bundle.selfCheck.length,
  }))
  const isWhole = refused.length === 0
  const lines = [
    ...accepted.map((one) => {
      const cases = one.self_check === 0 ? '' : `, its ${String(one.self_check)} own cases hold`
      const roots = one.roots.join(', ') || 'everything'
      // Cases were asked only when nothing was refused.
      return `${one.name}: signed by ${one.signed_by}, sequence ${String(one.sequence)}, owns ${roots}${isWhole ? cases : ''}`
    }),
    ...refused.map(({ reason, message }) => `refused (${reason}): ${message}`),
  ]
  return {
    exit: isWhole ? 0 : 1,
    json: { ok: isWhole, bundles: accepted, refused },
    text: lines.join('\n'),
  }
}
