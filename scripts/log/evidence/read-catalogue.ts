// The catalogue of codes as `countersign policy catalogue` wrote it: what can be configured, and what it maps to.

import { join } from 'node:path'
import { Type, type Static } from 'typebox'
import { compileChecker } from '../../../service/contract/validate.ts'
import { type Call, usage } from '../../command/command.ts'
import { readJson } from '../../command/read-file.ts'
import { root } from '../../parts/root.ts'
import { optionalText } from '../../policy/arguments.ts'

/** What is asked of an entry; it has more. */
const CataloguedCode = Type.Object({
  code: Type.String(),
  kind: Type.String(),
  title: Type.String(),
  effect: Type.String(),
  severity: Type.Union([Type.String(), Type.Null()]),
  waivable: Type.Boolean(),
  mapping: Type.Record(Type.String(), Type.Array(Type.String())),
})
export type CataloguedCode = Static<typeof CataloguedCode>

const CatalogueFile = Type.Object({
  rules: Type.Array(CataloguedCode),
  service: Type.Array(CataloguedCode),
})

const check = compileChecker(CatalogueFile)

export const catalogueUsage = `  --catalogue <file>     catalogue.json of the policy repository that the bundles were built from, as "countersign policy
                         catalogue" wrote it (default: that of the policy that comes with this program)`

/** Every code once. @throws PdpError `usage`. */
export function readCatalogue(call: Call): readonly CataloguedCode[] {
  const path = optionalText(call, 'catalogue') ?? join(root, 'rego/catalogue.json')
  const what = 'catalogue.json, as "countersign policy catalogue" wrote it'
  const checked = check(readJson(path, what))
  if (checked.ok) {
    const { rules, service } = checked.value
    return [...new Map([...rules, ...service].map((one) => [one.code, one])).values()]
  }
  const [fault] = checked.faults
  throw usage(
    `${path} is no catalogue (${fault?.pointer ?? ''}: ${fault?.reason ?? ''}); name ${what}.`,
  )
}
