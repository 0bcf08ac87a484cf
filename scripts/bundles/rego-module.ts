// Rego as OPA's own parser sees it: one call for all files, through the builtin `rego.parse_module`.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PdpError } from '../../service/contract/error-code.ts'
import { messageOf, run } from '../parts/run.ts'

/** A term of OPA's syntax tree; what `value` holds depends on the type. */
export interface Term {
  readonly type: string
  readonly value: unknown
}

export interface RegoModule {
  readonly package: { readonly path: readonly Term[] }
  readonly imports?: readonly { readonly path: Term; readonly alias?: string }[]
  readonly rules?: readonly RegoRule[]
}

export interface RegoRule {
  readonly head: { readonly ref: readonly Term[] }
}

const query = 'package parse\n\nmodules := {name: rego.parse_module(name, text) | some name, text in input}\n'
const decoder = new TextDecoder()

/** Throws one error that names the file that is no Rego. */
export function parseModules(
  opa: string,
  sources: ReadonlyMap<string, Uint8Array>,
): ReadonlyMap<string, RegoModule> {
  const texts = [...sources].map(([name, bytes]) => [name, decoder.decode(bytes)] as const)
  const folder = mkdtempSync(join(tmpdir(), 'countersign-parse-'))
  try {
    writeFileSync(join(folder, 'parse.rego'), query)
    writeFileSync(join(folder, 'input.json'), JSON.stringify(Object.fromEntries(texts)))
    const files = ['--data', 'parse.rego', '--input', 'input.json', '--strict-builtin-errors']
    const printed = run(opa, ['eval', '--format', 'raw', ...files, 'data.parse.modules'], { folder })
    return new Map(Object.entries(JSON.parse(printed) as Record<string, RegoModule>))
  } catch (cause) {
    throw new PdpError('usage', `The policy is no Rego: ${messageOf(cause)}`, { cause })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** `data.a.b` as `a/b`; only the leading constant part. */
export function pathOf(terms: readonly Term[]): string {
  const names: string[] = []
  for (const { type, value } of terms.slice(1)) {
    if (type !== 'string') break
    names.push(String(value))
  }
  return names.join('/')
}
