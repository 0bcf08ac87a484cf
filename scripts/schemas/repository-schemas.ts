// The schemas that people's own tools read: of the data files of a policy repository for editors that know JSON Schema,
// and those that METADATA of the pack's and a team's rules names, for OPA's checker.

import { PolicyInput } from '../../service/contract/policy-input.ts'
import { Registry } from '../../service/contract/registry.ts'
import { GoldenFile } from '../policy/golden-file.ts'
import { ProjectFile } from '../policy/project.ts'
import { forEditor, partForEditor } from './editor-schema.ts'
import { forOpa } from './opa-schema.ts'

type Schemas = ReadonlyMap<string, unknown>

/** File name in `rego/schemas/` -> schema, as `opa check --schema <folder>` reads a folder of them. */
export const opaSchemas: Schemas = new Map([
  ['policy-input.json', forOpa(PolicyInput)],
  ['registry.json', forOpa(Registry)],
])

/** File name in the folder `schemas/` of a policy repository -> schema. */
export const repositorySchemas: Schemas = new Map([
  [
    'countersign-policy.schema.json',
    forEditor(ProjectFile, 'A policy repository of Countersign: where its rules and data are'),
  ],
  ['golden.schema.json', forEditor(GoldenFile, 'Golden cases: questions and what they must get')],
  ['registry.schema.json', forEditor(Registry, 'The whole registry of a tenant')],
  [
    'registry-part.schema.json',
    partForEditor(Registry, 'A part of the registry of a tenant: files under registry/ are merged'),
  ],
])

/** As it is committed. */
export function schemaText(schema: unknown): string {
  return `${JSON.stringify(schema, null, 2)}\n`
}
