// Runs a part as its author would: `node scripts/node.js scripts/part.ts opa fmt --write rego`.

import { spawnSync } from 'node:child_process'
import { parts, type PartName } from './parts.ts'
import { resolvePart } from './parts/resolve.ts'
import { messageOf } from './parts/run.ts'

const [name = '', ...rest] = process.argv.slice(2)

if (isPartName(name)) {
  process.exitCode = runPart(name)
} else {
  process.stderr.write(`no part is called "${name}"; there are ${Object.keys(parts).join(', ')}\n`)
  process.exitCode = 2
}

function runPart(part: PartName): number {
  try {
    return spawnSync(resolvePart(part), rest, { stdio: 'inherit' }).status ?? 1
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`)
    return 1
  }
}

function isPartName(text: string): text is PartName {
  return Object.hasOwn(parts, text)
}
