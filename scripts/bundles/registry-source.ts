// The development registry: rego/data/registry.json, held against the contract before it is packed.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PdpError } from '../../service/contract/error-code.ts'
import { Registry } from '../../service/contract/registry.ts'
import { compileChecker } from '../../service/contract/validate.ts'
import { limits } from '../../service/contract/limits.ts'
import { parseStrictJson } from '../../service/contract/strict-json.ts'
import { root } from '../parts/root.ts'

const path = 'rego/data/registry.json'
const checkFile = compileChecker(Registry, { allErrors: true })

/** Throws one error that names every fault. */
export function readRegistrySource(): Registry {
  const value = parseStrictJson(readFileSync(join(root, path)), {
    depth: limits.bundleJsonDepth,
    members: 1_000_000,
  })
  const checked = checkFile(value)
  if (checked.ok) return checked.value
  const lines = checked.faults.map(({ pointer, reason }) => `  ${pointer}: ${reason}`)
  throw new PdpError('bundle_refused', `${path} does not match the registry's schema:\n${lines.join('\n')}`, {
    faults: checked.faults,
  })
}
