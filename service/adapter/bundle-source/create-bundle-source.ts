/** The source that a configuration names. */
import type { BundleSource as BundleSourceConfig } from '../../contract/config.ts'
import type { BundleSource } from '../../port/bundle-source.ts'
import type { Clock } from '../../port/clock.ts'
import { directoryLoop } from './directory-source.ts'
import { httpLoop } from './http-source.ts'
import { keepLooking, type LoopOptions } from './keep-looking.ts'
import { ociLoop } from './oci-source.ts'

export function createBundleSource(
  config: BundleSourceConfig,
  { clock }: { readonly clock: Clock },
): BundleSource {
  return keepLooking({ ...loopOf(config), clock })
}

function loopOf(config: BundleSourceConfig): Omit<LoopOptions, 'clock'> {
  if ('directory' in config) return directoryLoop(config.directory)
  return 'url' in config ? httpLoop(config) : ociLoop(config)
}
