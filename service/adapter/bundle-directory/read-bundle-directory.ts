/**
 * Every `*.tar.gz` of a directory, verified, checked and put together as one activation.
 *
 * All or nothing: one bundle that is refused refuses the activation, and nothing of the others is used.
 */
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { composeActivation, type Activation } from '../../bundle/compose-activation.ts'
import { isObject, type JsonObject } from '../../bundle/json-value.ts'
import { jsonText } from '../../bundle/json-text.ts'
import { readBundle, type Bundle } from '../../bundle/read-bundle.ts'
import { refusal, refusalIn } from '../../bundle/refusal.ts'
import type { BundleKey } from '../../bundle/signatures.ts'
import { PdpError } from '../../contract/error-code.ts'
import { limits } from '../../contract/limits.ts'
import { Registry } from '../../contract/registry.ts'
import { compileChecker } from '../../contract/validate.ts'
import { digestOfText } from '../../statement/digest.ts'
import { parseStrictJson } from '../../contract/strict-json.ts'
import { gunzip } from './gunzip.ts'

export type CheckedActivation = Activation & { readonly registry: Registry }

const checkRegistry = compileChecker(Registry, { allErrors: true })

/** @throws PdpError `bundle_refused` that names the file, the reason and what to change. */
export async function readBundleDirectory(
  directory: string,
  keys: readonly BundleKey[],
  maximumPages: number = limits.evaluationPages,
): Promise<CheckedActivation> {
  const paths = await tarballsIn(directory)
  const bundles: Bundle[] = []
  for (const path of paths) bundles.push(await readBundleFile(path, keys))
  try {
    const activation = composeActivation(bundles, maximumPages)
    return Object.freeze({ ...activation, registry: registryOf(activation.data) })
  } catch (error) {
    throw refusalIn(directory, error)
  }
}

/** One tarball. */
export async function readBundleFile(path: string, keys: readonly BundleKey[]): Promise<Bundle> {
  try {
    const { size } = await stat(path)
    if (size > limits.bundleBytes) {
      throw refusal(
        'too_large',
        '',
        `a bundle has at most ${limits.bundleBytes} bytes: make it smaller`,
      )
    }
    const bytes = await readFile(path)
    return readBundle(await gunzip(bytes), digestOfText(bytes), keys)
  } catch (error) {
    if (error instanceof PdpError) throw refusalIn(basename(path), error)
    throw refusal('unreadable', basename(path), 'the bundle cannot be read', error)
  }
}

async function tarballsIn(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch((cause: unknown) => {
    throw refusal(
      'unreadable',
      directory,
      'the directory of bundles cannot be read: create it or correct the path',
      cause,
    )
  })
  const tarballs = names.filter((name) => name.endsWith('.tar.gz') && !name.startsWith('.')).sort()
  if (tarballs.length === 0)
    throw refusal('no_bundles', directory, 'there is no *.tar.gz: put the bundles there')
  return tarballs.map((name) => join(directory, name))
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
  if (checked.ok) return checked.value
  const lines = checked.faults.map((fault) => `  ${fault.pointer}: ${fault.reason}`)
  throw new PdpError(
    'bundle_refused',
    `registry: the data does not match its schema:\n${lines.join('\n')}`,
    { faults: [{ pointer: 'registry', reason: 'registry' }, ...checked.faults] },
  )
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
