// Writes a proposal once it has passed: the project is checked with the proposal in a copy of its data, and what
// `countersign policy check` would refuse is not written at all.

import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import type { Outcome } from '../command/command.ts'
import { writeAll } from '../command/write-all.ts'
import { remarksOn } from '../policy/check.ts'
import { outcomeOf, shortest, type Remark } from '../policy/remark.ts'
import type { Repository } from './options.ts'
import { describe, plan, type PlannedFile, type ProposedFile } from './proposal.ts'

export interface Found {
  /** The first line of the answer. */
  readonly summary: string
  readonly left: readonly string[]
  /** Members of the answer for programs. */
  readonly json: object
}

/** @throws PdpError `usage`. */
export async function propose(
  repository: Repository,
  files: readonly ProposedFile[],
  { summary, left, json }: Found,
): Promise<Outcome> {
  const planned = files.map(plan)
  const checked = outcomeOf(await remarksWith(repository, planned), 'Nothing is wrong.')
  const isWritten = checked.exit === 0
  if (isWritten)
    writeAll(planned.flatMap(({ path, content }) => (content === null ? [] : [{ path, content }])))
  const written = isWritten ? planned.map(({ path, did }) => ({ file: shortest(path), did })) : []
  return {
    exit: checked.exit,
    json: { ...json, written, left, check: checked.json },
    text: [
      summary,
      ...(isWritten
        ? planned.map(describe)
        : ['Nothing was written: with the proposal, policy check finds errors.']),
      ...left.map((one) => `left to decide: ${one}`),
      checked.text,
    ].join('\n'),
  }
}

/** The remarks name the files where they will be. */
async function remarksWith(
  { project, data }: Repository,
  planned: readonly PlannedFile[],
): Promise<readonly Remark[]> {
  const copy = mkdtempSync(join(tmpdir(), 'countersign-adopt-'))
  try {
    cpSync(data, copy, { recursive: true, dereference: true })
    for (const { path, content } of planned) {
      const near = relative(data, path)
      if (content === null || near.startsWith('..')) continue
      mkdirSync(dirname(join(copy, near)), { recursive: true })
      writeFileSync(join(copy, near), content)
    }
    const remarks = await remarksOn({ ...project, data: copy })
    return remarks.map((one) => ({
      ...one,
      file: one.file.startsWith(copy) ? data + one.file.slice(copy.length) : one.file,
      message: one.message.replaceAll(copy, data),
    }))
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}
