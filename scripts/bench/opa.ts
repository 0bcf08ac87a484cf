// OPA's own server on the same policy: the Rego of the repository, the wrapper that does in Rego what
// the service does around policy, and the same registry with the same indexes.
//
// As fast as we could make it. Token cache on, as large as ours; console decision log on, but written
// to /dev/null, so that no disk slows it; store optimised for reading; nothing else is logged; Go's
// collector at GOGC=200, which was a fifth faster than the default and no slower than 400.

import {
  copyFileSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { DevelopmentKeys } from '../../service/adapter/development/development-keys.ts'
import type { Registry } from '../../service/contract/registry.ts'
import { limits } from '../../service/contract/limits.ts'
import { root } from '../parts/root.ts'
import { resolvePart } from '../parts/resolve.ts'
import { run } from '../parts/run.ts'
import { freePort, startProcess, stopProcess, type Contestant } from './contestant.ts'
import { opaData } from './opa-data.ts'
import { opaBody } from './opa-query.ts'

/** @param pepToken the gateway's token, which OPA gets inside its input. */
export async function startOpa(
  folder: string,
  registry: Registry,
  keys: DevelopmentKeys,
  pepToken: string,
): Promise<Contestant> {
  const opa = resolvePart('opa')
  const bundle = buildBundle(opa, folder, opaData(registry, keys))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = await startProcess(
    opa,
    [
      ...['run', '--server', '--addr', `127.0.0.1:${port}`, '--disable-telemetry'],
      ...['--log-level', 'error', '--optimize-store-for-read-speed'],
      ...['--set', 'decision_logs.console=true'],
      '--set',
      `caching.inter_query_builtin_value_cache.named.io_jwt.max_num_entries=${limits.verifiedTokens}`,
      ...['--bundle', bundle],
    ],
    {
      ready: `${url}/health`,
      output: openSync('/dev/null', 'w'),
      environment: { GOGC: '200' },
    },
  )
  return {
    name: 'opa',
    url: `${url}/v1/data/bench/decision`,
    bearer: null,
    bodyOf: (query) => opaBody(query, pepToken),
    process: child,
    stop: () => stopProcess(child),
  }
}

function buildBundle(opa: string, folder: string, data: object): string {
  const source = join(folder, 'opa')
  mkdirSync(source, { recursive: true })
  writeFileSync(join(source, 'data.json'), JSON.stringify(data))
  copyRules(join(root, 'rego/countersign'), join(source, 'countersign'))
  copyFileSync(join(import.meta.dirname, 'opa/wrapper.rego'), join(source, 'wrapper.rego'))
  const bundle = join(folder, 'opa.tar.gz')
  run(opa, ['build', '--bundle', source, '--output', bundle], {})
  return bundle
}

/** Without tests; and the rules read what the wrapper composed instead of `input`. */
function copyRules(from: string, to: string): void {
  const paths = readdirSync(from, { recursive: true, encoding: 'utf8' })
  for (const path of paths.filter((file) => /(?<!_test)\.rego$/.test(file))) {
    const lines = readFileSync(join(from, path), 'utf8').split('\n')
    const composed = lines.map((line) =>
      line.startsWith('#') ? line : line.replaceAll(/\binput\b/g, 'data.bench.policy_input'),
    )
    mkdirSync(dirname(join(to, path)), { recursive: true })
    writeFileSync(join(to, path), composed.join('\n'))
  }
}
