/** The golden cases of the pack, as `countersign policy test` reads them. */
import { join } from 'node:path'
import { readGolden } from '../../scripts/policy/golden.ts'
import { readProject } from '../../scripts/policy/project.ts'
import { readRegistryData } from '../../scripts/policy/registry-data.ts'

const project = readProject({ values: { project: join(import.meta.dirname, '../../rego') } })
const data = readRegistryData(project)
const golden = readGolden(project, data.registry)
const [fault] = [...data.faults, ...golden.faults]
if (fault !== undefined) throw new Error(JSON.stringify(fault))

/** Questions that are permitted as they are, with a registry of their own. */
export const baseQuestions = golden.base

export const goldenCases = golden.cases
