/**
 * A set of bundles, verified, as it travels from the thread that read it to the one that serves: big data as text,
 * which is handed over and not copied.
 */
import { jsonText } from '../../bundle/json-text.ts'
import type { Bundle } from '../../bundle/read-bundle.ts'
import type { Activation } from '../../bundle/compose-activation.ts'
import type { Tarball } from '../../port/bundle-source.ts'
import { bundleKeyOf, type ConfiguredKey } from './bundle-keys.ts'
import { readBundles, type ReadOptions } from './read-bundles.ts'

export type ReadRequest = {
  readonly tarballs: readonly Tarball[]
  readonly keys: readonly ConfiguredKey[]
  readonly options: ReadOptions
  /** The thread gets what nobody else wants of a processor (on Linux), since others are being served. */
  readonly isBackground: boolean
}

export type ReadSet = Pick<
  Activation,
  'policy' | 'entrypoint' | 'authors' | 'rawAuthzen' | 'rules'
> & {
  readonly wasm: Uint8Array<ArrayBuffer>
  /** JSON text, UTF-8, of all data; and of the registry, which has been checked against its schema. */
  readonly data: Uint8Array<ArrayBuffer>
  readonly registry: Uint8Array<ArrayBuffer>
  readonly bundles: readonly Pick<
    Bundle,
    'digest' | 'revision' | 'sequence' | 'roots' | 'signedBy' | 'selfCheck'
  >[]
}

/** @throws PdpError `bundle_refused`. */
export async function readSet({
  tarballs,
  keys,
  options,
}: Omit<ReadRequest, 'isBackground'>): Promise<ReadSet> {
  const read = await readBundles(tarballs, keys.map(bundleKeyOf), options)
  const { policy, entrypoint, authors, rawAuthzen, rules, data, registry, wasm } = read
  const utf8 = new TextEncoder()
  return {
    ...{ policy, entrypoint, authors, rawAuthzen, rules },
    wasm: Uint8Array.from(wasm),
    data: utf8.encode(jsonText(data)),
    registry: utf8.encode(JSON.stringify(registry)),
    bundles: read.bundles.map(({ digest, revision, sequence, roots, signedBy, selfCheck }) => ({
      ...{ digest, revision, sequence, roots, signedBy, selfCheck },
    })),
  }
}
