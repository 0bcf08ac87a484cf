/** The stylesheet, the script and the mark: files of ours, and only those. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PdpError } from '../../../contract/error-code.ts'
import type { Answer } from '../answer.ts'
import type { ConsoleRoute } from '../visit.ts'

const types: Readonly<Record<string, string>> = {
  'console.css': 'text/css; charset=utf-8',
  'console.js': 'text/javascript; charset=utf-8',
  'mark.svg': 'image/svg+xml',
}

const assets = new Map<string, Answer>()

export const assetRoute: ConsoleRoute = {
  method: 'get',
  path: '/console/asset/:name',
  open: ({ parameters: { name = '' } }) => Promise.resolve(assetOf(name)),
}

function assetOf(name: string): Answer {
  const known = assets.get(name)
  if (known !== undefined) return known
  const type = Object.hasOwn(types, name) ? types[name] : undefined
  if (type === undefined) throw new PdpError('not_found', 'There is no such file.')
  const content = readFileSync(join(import.meta.dirname, '../asset', name))
  const asset: Answer = {
    ...{ status: 200, type, content },
    headers: { 'cache-control': 'max-age=300' },
  }
  assets.set(name, asset)
  return asset
}
