// The default pack and the rule that is attacked, built and signed by the commands that build and sign any policy.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { developmentKeyId } from '../../service/bundle/development-key.ts'
import type { Call, Command } from '../command/command.ts'
import { root } from '../parts/root.ts'
import { build } from '../policy/build.ts'
import { sign } from '../policy/sign.ts'

/** @returns the file of the signed bundle. Needs the part `opa`. */
export async function writeHostilePolicy(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true })
  const project = join(root, 'scripts/isolation/repository')
  await run(build, { project, out: folder, sequence: '1' })
  const bundle = join(folder, 'policy.tar.gz')
  const key = join(root, 'bundles/development-key/private.pem')
  await run(sign, { key, 'key-id': developmentKeyId, out: bundle }, bundle)
  return bundle
}

async function run(
  command: Command,
  values: Call['values'],
  ...positionals: string[]
): Promise<void> {
  await command.run({ values, positionals, json: true, color: false, say: () => undefined })
}
