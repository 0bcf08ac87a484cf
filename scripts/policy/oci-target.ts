// An image in a registry that an argument names by its tag, and how the registry is reached.

import { readFileSync } from 'node:fs'
import type { Call } from '../command/command.ts'
import type { PushOptions } from '../registry/push-oci.ts'
import { ociConfigOf } from './locate-bundles.ts'

/** @throws PdpError `usage`. */
export function ociTarget(target: string, call: Call): readonly [string, PushOptions] {
  const { oci, internal = false, username, password_file: file } = ociConfigOf(target, call)
  return username === undefined || file === undefined
    ? [oci, { internal }]
    : [oci, { internal, username, password: readFileSync(file, 'utf8').trim() }]
}
