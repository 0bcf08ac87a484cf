/** The 40 decisions of AuthZEN's interop scenario "todo", by a small policy of their own that sees bare evaluations. */
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect } from '@jest/globals'
import { developmentSigner } from '../../scripts/bundles/development-signer.ts'
import { readTar } from '../../service/bundle/read-tar.ts'
import { writeBundle } from '../../service/bundle/write-bundle.ts'
import { startDevelopmentService } from '../support/development-service.ts'
import { runOpa, testWithOpa } from '../support/opa.ts'

const repository = join(import.meta.dirname, '../..')
const fixtures = join(repository, 'test/fixtures/authzen')

type Vector = { readonly request: unknown; readonly expected: boolean }
const vectors = (
  JSON.parse(readFileSync(join(fixtures, 'todo-decisions-01.json'), 'utf8')) as {
    evaluation: Vector[]
  }
).evaluation

/** The todo policy, built by OPA and signed by us, beside the registry of the repository. */
function todoBundles(): string {
  const directory = mkdtempSync(join(tmpdir(), 'countersign-todo-'))
  const built = join(directory, 'built.tgz')
  const { status, printed } = runOpa(
    [
      'build',
      '-t',
      'wasm',
      '-O',
      '0',
      '-e',
      'countersign/decision',
      '-o',
      built,
      join(fixtures, 'todo'),
    ],
    directory,
  )
  if (status !== 0) throw new Error(printed)
  const files = readTar(gunzipSync(readFileSync(built)))
  const policy = writeBundle(
    {
      roots: ['countersign', 'authzen_todo'],
      sequence: 1,
      files: new Map([...files].filter(([path]) => ['policy.wasm', 'data.json'].includes(path))),
      wasm: [{ entrypoint: 'countersign/decision', module: '/policy.wasm' }],
      metadata: { raw_authzen: true },
    },
    developmentSigner(),
  )
  writeFileSync(join(directory, 'todo.tar.gz'), policy)
  copyFileSync(join(repository, 'bundles/registry.tar.gz'), join(directory, 'registry.tar.gz'))
  return directory
}

testWithOpa('all 40 decisions of the scenario, one by one and as a batch', async () => {
  const service = await startDevelopmentService({ bundles: todoBundles() })
  try {
    expect(vectors).toHaveLength(40)
    const decisions: unknown[] = []
    for (const { request } of vectors) {
      decisions.push((await service.post('/access/v1/evaluation', request)).body['decision'])
    }
    expect(decisions).toEqual(vectors.map(({ expected }) => expected))
    const batch = { evaluations: vectors.map(({ request }) => request) }
    const first = await service.post('/access/v1/evaluations', batch)
    expect(first.body).toEqual({
      evaluations: vectors.map(({ expected }) => ({ decision: expected })),
    })
    expect((await service.post('/access/v1/evaluations', batch)).body).toEqual(first.body)
  } finally {
    await service.stop()
  }
})
