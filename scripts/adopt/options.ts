// What both commands are told: the policy repository, and who answers for what is proposed until when.

import { type Call, usage } from '../command/command.ts'
import { optionalText, text } from '../policy/arguments.ts'
import { readProject, type Project } from '../policy/project.ts'
import { readRegistryData } from '../policy/registry-data.ts'
import type { Registry } from '../../service/contract/registry.ts'
import { lineOf } from '../policy/remark.ts'
import { hexDigest } from '../../service/statement/digest.ts'

const reviewDays = 90
const daySeconds = 86_400

export const accountableOptions = {
  owner: { type: 'string' },
  'review-by': { type: 'string' },
} as const

export const accountableUsage = `  --owner <name>         who answers for what is proposed
  --review-by <date>     until when, as 2027-01-31 (default: ${String(reviewDays)} days from now)`

export interface Repository {
  readonly project: Project
  /** The folder of the data. */
  readonly data: string
  readonly registry: Registry
}

/** @throws PdpError `usage` when the registry that is there cannot be read: nothing is added to what is broken. */
export function readRepository(call: Call): Repository {
  const project = readProject(call)
  const { registry, faults } = readRegistryData(project)
  if (project.data === null) throw usage(`${project.file} names no folder for data: add it.`)
  if (registry === null) throw usage(faults.map(lineOf).join('\n'))
  return { project, data: project.data, registry }
}

export function accountableOf(call: Call): { readonly owner: string; readonly review_by: number } {
  return { owner: text(call, 'owner', 'who answers for it'), review_by: reviewBy(call) }
}

function reviewBy(call: Call): number {
  const given = optionalText(call, 'review-by')
  const today = Math.floor(Date.now() / 1000 / daySeconds) * daySeconds
  if (given === undefined) return today + reviewDays * daySeconds
  const at = /^\d{4}-\d{2}-\d{2}$/u.test(given) ? Date.parse(`${given}T00:00:00Z`) / 1000 : NaN
  if (Number.isFinite(at)) return at
  throw usage(`--review-by ${given}: write a date as 2027-01-31.`)
}

/**
 * A name as a file's, whatever is in it: readable where that is safe, and never that of another name on a disk that
 * takes upper and lower case for the same.
 */
export function fileNameOf(name: string): string {
  const readable = name.replace(/[^a-z0-9_-]+/gu, '.').slice(0, 80)
  const isPlain = /^[a-z0-9][a-z0-9_.-]{0,60}$/u.test(name)
  return `${readable}${isPlain ? '' : `.${hexDigest('SHA-256', name).slice(0, 12)}`}.json`
}
