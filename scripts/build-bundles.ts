// Builds bundles/: the policy from rego/, the development registry from rego/data/, and the capabilities
// that policies are compiled against. The same sources give the same bytes on any machine; `--check`
// builds again, writes nothing and fails when a committed file differs.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  readBundleDirectory,
  readBundleFile,
} from '../service/adapter/bundle-reader/read-directory.ts'
import { startPolicyEngine } from '../service/adapter/policy-engine/start-policy-engine.ts'
import { revisionOf, writeBundle } from '../service/bundle/write-bundle.ts'
import { limits } from '../service/contract/limits.ts'
import { capabilitiesText } from './bundles/capabilities.ts'
import { developmentBundleKeys, developmentSigner } from './bundles/development-signer.ts'
import { writeWhole } from './command/write-file.ts'
import { resolvePart } from './parts/resolve.ts'
import { root } from './parts/root.ts'
import { messageOf } from './parts/run.ts'
import { contentOf, type UnnumberedContent } from './policy/build-content.ts'
import { readProject } from './policy/project.ts'

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
  const capabilities = utf8.encode(await capabilitiesText(resolvePart('opa')))
  // The policy is compiled against the file.
  if (!isCheck && !isCommitted('capabilities.json', capabilities))
    writeWhole(join(committed, 'capabilities.json'), capabilities)
  const { policy, registry } = await contentOf(
    readProject({ values: { project: join(root, 'rego') } }),
  )
  if (registry === null) throw new Error('rego/data holds no registry')
  return new Map([
    ['capabilities.json', capabilities],
    ['policy.tar.gz', await release('policy.tar.gz', policy)],
    ['registry.tar.gz', await release('registry.tar.gz', registry)],
  ])
}

/** The committed sequence while the content is the committed one, else the next: it never goes backwards. */
async function release(name: string, content: UnnumberedContent): Promise<Uint8Array> {
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
