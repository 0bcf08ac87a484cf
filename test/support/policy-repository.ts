/** A policy repository of a team in a temporary folder: the pack, the development registry, and what a test writes. */
import { afterAll } from '@jest/globals'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const top = mkdtempSync(join(tmpdir(), 'countersign-repositories-'))
afterAll(() => {
  rmSync(top, { recursive: true, force: true })
})

const ownFile = JSON.stringify(
  { name: 'acme', pack: 'default', rules: 'rules', data: 'data', golden: 'golden' },
  null,
  2,
)

/** @param files path -> content, over those of the plain repository; an empty content leaves a file out */
export function policyRepository(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(top, 'repository-'))
  for (const name of ['rules', 'data', 'golden']) mkdirSync(join(folder, name))
  const registry = join(import.meta.dirname, '../../rego/data/registry.json')
  if (files['data/registry.json'] === undefined) {
    copyFileSync(registry, join(folder, 'data/registry.json'))
  }
  for (const [name, content] of Object.entries({ 'countersign-policy.json': ownFile, ...files })) {
    if (content === '' && name.startsWith('data/')) continue
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}
