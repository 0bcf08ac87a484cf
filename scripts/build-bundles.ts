// Builds bundles/: the policy from rego/, the development registry from rego/data/, and the capabilities
// that policies are compiled against. The same sources give the same bytes on any machine; `--check`
// builds again, writes nothing and fails when a committed file differs.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  readBundleDirectory,
  readBundleFile,
} from '../service/adapter/bundle-reader/read-directory.ts'
import { startPolicyEngine } from '../service/adapter/policy-engine/start-policy-engine.ts'
import { decisionEntrypoint } from '../service/bundle/compose-activation.ts'
import { revisionOf, writeBundle, type BundleContent } from '../service/bundle/write-bundle.ts'
import { limits } from '../service/contract/limits.ts'
import { canonicalJson } from '../service/statement/canonical-json.ts'
import { capabilitiesText } from './bundles/capabilities.ts'
import { compilePolicy } from './bundles/compile-policy.ts'
import { developmentBundleKeys, developmentSigner } from './bundles/development-signer.ts'
import { readRegistrySource } from './bundles/registry-source.ts'
import { resolvePart } from './parts/resolve.ts'
import { root } from './parts/root.ts'
import { messageOf } from './parts/run.ts'

type Content = Omit<BundleContent, 'sequence'>

const committed = join(root, 'bundles')
const keys = developmentBundleKeys()
const utf8 = new TextEncoder()
const isCheck = process.argv.includes('--check')

try {
  const built = await buildAll()
  await prove(built)
  const stale = [...built].filter(([name, bytes]) => !isCommitted(name, bytes))
  for (const [name, bytes] of stale) {
    if (!isCheck) writeFileSync(join(committed, name), bytes)
    process.stdout.write(
      isCheck
        ? `bundles/${name} is not what rego/ gives: run npm run build:bundles and commit it\n`
        : `built bundles/${name}\n`,
    )
  }
  process.exitCode = isCheck && stale.length > 0 ? 1 : 0
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
}

async function buildAll(): Promise<ReadonlyMap<string, Uint8Array>> {
  const opa = resolvePart('opa')
  const capabilities = await capabilitiesText(opa)
  return new Map([
    ['capabilities.json', utf8.encode(capabilities)],
    ['policy.tar.gz', await release('policy.tar.gz', policyContent(opa, capabilities))],
    ['registry.tar.gz', await release('registry.tar.gz', registryContent())],
  ])
}

function policyContent(opa: string, capabilities: string): Content {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-capabilities-'))
  try {
    const file = join(folder, 'capabilities.json')
    writeFileSync(file, capabilities)
    const options = { opa, entrypoints: [decisionEntrypoint], capabilities: file }
    return { roots: ['countersign'], ...compilePolicy(policySources(), options) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function registryContent(): Content {
  const data = canonicalJson({ registry: readRegistrySource() })
  return { roots: ['registry'], files: new Map([['data.json', utf8.encode(data)]]) }
}

/** Every rule and library, without their tests. */
function policySources(): ReadonlyMap<string, Uint8Array> {
  const names = readdirSync(join(root, 'rego'), { recursive: true, encoding: 'utf8' })
  const sources = names
    .filter((name) => name.endsWith('.rego') && !name.endsWith('_test.rego'))
    .map((name) => `rego/${name.replaceAll('\\', '/')}`)
  return new Map(sources.sort().map((name) => [name, readFileSync(join(root, name))]))
}

/** The committed sequence while the content is the committed one, else the next: it never goes backwards. */
async function release(name: string, content: Content): Promise<Uint8Array> {
  const path = join(committed, name)
  const before = existsSync(path) ? await readBundleFile(path, keys) : { revision: '', sequence: 0 }
  const isSame = before.revision === revisionOf(content)
  return writeBundle(
    { ...content, sequence: before.sequence + (isSame ? 0 : 1) },
    developmentSigner(),
  )
}

/** What was built is what the service loads: verified, checked, and started once. */
async function prove(built: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bundles-'))
  try {
    for (const [name, bytes] of built) writeFileSync(join(folder, name), bytes)
    const activation = await readBundleDirectory(folder, keys)
    const engineLimits = {
      workers: 1,
      evaluationMilliseconds: limits.evaluationMilliseconds,
      pages: limits.evaluationPages,
    }
    await (await startPolicyEngine(activation, engineLimits)).close()
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function isCommitted(name: string, bytes: Uint8Array): boolean {
  const path = join(committed, name)
  return existsSync(path) && Buffer.compare(readFileSync(path), bytes) === 0
}
