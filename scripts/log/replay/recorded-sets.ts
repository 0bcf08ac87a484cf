// The sets of bundles that decided, found by the digests that the log names and started as the service starts them. What
// lies under a name is not believed: a set is the one whose digest it has.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PdpError } from '../../../service/contract/error-code.ts'
import type { EventLeaf } from '../../../service/contract/leaf.ts'
import type { Tarball } from '../../../service/port/bundle-source.ts'
import type { PolicyEngine } from '../../../service/port/policy-engine.ts'
import { digestOfText } from '../../../service/statement/digest.ts'
import { openBundle } from '../../bundles/open-bundle.ts'
import { replayWorkers, startSet } from '../../policy/judging-set.ts'

/**
 * `unknown`: no activation in this log names the set; `missing`: a tarball of it is not there; `altered`: one is not what
 * its name says; `refused`: it can no longer be started.
 */
export type NoSet = 'bundles_unknown' | 'bundles_missing' | 'bundles_altered' | 'bundles_refused'

type Named = { readonly name: string; readonly digest: string }
type Started = PolicyEngine | { readonly cause: NoSet }

/** A log goes from one set to the next, and now and then back. */
const mostStarted = 2

export class RecordedSets {
  readonly #folder: string | null
  readonly #sets = new Map<string, readonly Named[]>()
  readonly #started = new Map<string, Started>()

  /** @param folder with tarballs by their digest, `<hex>.tar.gz`, as a tenant keeps them; null: there are none */
  constructor(folder: string | null) {
    this.#folder = folder
  }

  /** Takes a leaf of the log: an activation says which tarballs a set is made of. */
  learn({ kind, event }: EventLeaf): void {
    if (kind !== 'bundle_activation') return
    const { digest, bundles } = event
    if (typeof digest === 'string' && Array.isArray(bundles) && bundles.every(isNamed))
      this.#sets.set(digest, bundles)
  }

  /** The engine of a set; it stays open until others are asked for. Not to be called twice at once. */
  async engine(digest: string): Promise<Started> {
    const known = this.#started.get(digest)
    const started = known ?? (await this.#start(digest))
    // The one that was asked for last is let go last.
    this.#started.delete(digest)
    this.#started.set(digest, started)
    const [oldest] = [...this.#started].filter(([, one]) => !('cause' in one))
    if (this.#running() > mostStarted && oldest !== undefined) {
      this.#started.delete(oldest[0])
      await close(oldest[1])
    }
    return started
  }

  async close(): Promise<void> {
    await Promise.all([...this.#started.values()].map(close))
  }

  #running(): number {
    return [...this.#started.values()].filter((one) => !('cause' in one)).length
  }

  async #start(digest: string): Promise<Started> {
    const bundles = this.#sets.get(digest)
    if (bundles === undefined) return { cause: 'bundles_unknown' }
    const tarballs = bundles.map((bundle) => this.#tarball(bundle))
    const wrong = tarballs.find((one) => 'cause' in one)
    if (wrong !== undefined) return wrong
    return await startedAs(digest, tarballs as readonly Tarball[])
  }

  #tarball({ name, digest }: Named): Tarball | { readonly cause: NoSet } {
    const file = `${digest.replace('sha256:', '')}.tar.gz`
    const place = this.#folder === null ? null : join(this.#folder, file)
    if (place === null || !existsSync(place)) return { cause: 'bundles_missing' }
    const bytes = readFileSync(place)
    return digestOfText(bytes) === digest ? { name, bytes } : { cause: 'bundles_altered' }
  }
}

async function startedAs(digest: string, tarballs: readonly Tarball[]): Promise<Started> {
  try {
    const opened = await Promise.all(tarballs.map(openBundle))
    const engine = await startSet(
      opened.map(({ bundle }) => bundle),
      replayWorkers,
    )
    if (engine.policy.digest === digest) return engine
    await engine.close()
    return { cause: 'bundles_altered' }
  } catch (error) {
    if (error instanceof PdpError && error.code === 'bundle_refused')
      return { cause: 'bundles_refused' }
    throw error
  }
}

/** A digest alone names a file. */
function isNamed(bundle: unknown): bundle is Named {
  const { name, digest } = (bundle ?? {}) as Partial<Record<keyof Named, unknown>>
  return typeof name === 'string' && /^sha256:[0-9a-f]{64}$/u.test(String(digest))
}

async function close(started: Started): Promise<void> {
  if (!('cause' in started)) await started.close()
}
