/**
 * Tarballs, verified, checked and put together as one activation.
 *
 * All or nothing: one bundle that is refused refuses the activation, and nothing of the others is used.
 */
import { composeActivation, dataOf, type Activation } from '../../bundle/compose-activation.ts'
import { isObject, type JsonObject } from '../../bundle/json-value.ts'
import { jsonText } from '../../bundle/json-text.ts'
import { readBundle, type Bundle } from '../../bundle/read-bundle.ts'
import { refusal, refusalIn } from '../../bundle/refusal.ts'
import type { BundleKey } from '../../bundle/signatures.ts'
import { PdpError, type Fault } from '../../contract/error-code.ts'
import { limits } from '../../contract/limits.ts'
import { privacyFaults } from '../../contract/privacy.ts'
import { Registry } from '../../contract/registry.ts'
import type { Tarball } from '../../port/bundle-source.ts'
import { compileChecker } from '../../contract/validate.ts'
import { digestOfText } from '../../statement/digest.ts'
import { parseStrictJson } from '../../contract/strict-json.ts'
import { gunzip } from './gunzip.ts'

export type CheckedActivation = Activation & { readonly registry: Registry }

const checkRegistry = compileChecker(Registry, { allErrors: true })

export type ReadOptions = {
  /** Seconds since the epoch, at which the signing keys must be valid. */
  readonly now: number
  /** Pages of memory that the policy may have. */
  readonly maximumPages?: number
}

/** @throws PdpError `bundle_refused` that names the tarball, the reason and what to change. */
export async function readBundles(
  tarballs: readonly Tarball[],
  keys: readonly BundleKey[],
  { now, maximumPages = limits.evaluationPages }: ReadOptions,
): Promise<CheckedActivation> {
  const bundles: Bundle[] = []
  for (const tarball of tarballs) bundles.push(await readTarball(tarball, keys, now))
  return activationOf(bundles, maximumPages)
}

/** Bundles that were read, put together. @throws PdpError `bundle_refused`. */
export function activationOf(
  bundles: readonly Bundle[],
  maximumPages: number = limits.evaluationPages,
): CheckedActivation {
  const activation = composeActivation(bundles, maximumPages)
  return Object.freeze({ ...activation, registry: registryOf(activation.data) })
}

/** The registry that bundles hold, whether a policy is among them or not. @throws PdpError `bundle_refused`. */
export function registryIn(bundles: readonly Bundle[]): Registry {
  return registryOf(dataOf(bundles))
}

/** One tarball. */
export async function readTarball(
  { name, bytes }: Tarball,
  keys: readonly BundleKey[],
  now: number,
): Promise<Bundle> {
  try {
    if (bytes.length > limits.bundleBytes) throw tooLarge()
    return readBundle(await gunzip(bytes), digestOfText(bytes), keys, now)
  } catch (error) {
    throw refusalIn(name, error)
  }
}

export function tooLarge(): PdpError {
  return refusal(
    'too_large',
    '',
    `a bundle has at most ${limits.bundleBytes} bytes: make it smaller`,
  )
}

/** The member `registry` of the data. */
function registryOf(data: JsonObject): Registry {
  const value = data.get('registry')
  if (!isObject(value)) {
    throw refusal(
      'registry',
      'registry',
      'no bundle has the tenant registry: add one with the root "registry"',
    )
  }
  const checked = checkRegistry(plain(value))
  const faults = checked.ok ? meantFaults(checked.value) : checked.faults
  if (checked.ok && faults.length === 0) return checked.value
  const lines = faults.map((fault) => `  ${fault.pointer}: ${fault.reason}`)
  throw new PdpError(
    'bundle_refused',
    `registry: the data does not match its schema:\n${lines.join('\n')}`,
    { faults: [{ pointer: 'registry', reason: 'registry' }, ...faults] },
  )
}

function meantFaults({ privacy }: Registry): readonly Fault[] {
  return privacy === undefined ? [] : privacyFaults(privacy)
}

/** A registry holds nothing that a plain value could not: no big integer, no `__proto__`. */
function plain(value: JsonObject): unknown {
  try {
    return parseStrictJson(new TextEncoder().encode(jsonText(value)), {
      depth: limits.bundleJsonDepth,
      members: Infinity,
    })
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : ''
    throw refusal('registry', 'registry', `the data is not strict JSON: ${said}`, cause)
  }
}
