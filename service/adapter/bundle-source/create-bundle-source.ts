/** The source that a configuration names. */
import type { BundleSource as BundleSourceConfig } from '../../contract/config.ts'
import type { BundleSource } from '../../port/bundle-source.ts'
import type { Clock } from '../../port/clock.ts'
import { directoryLoop } from './directory-source.ts'
import { keepLooking } from './keep-looking.ts'

export function createBundleSource(
  config: BundleSourceConfig,
  { clock }: { readonly clock: Clock },
): BundleSource {
  if ('directory' in config) return keepLooking({ ...directoryLoop(config.directory), clock })
  throw new Error('not yet')
}
