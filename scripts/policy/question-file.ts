// A file of recorded questions: one policy input a line, as a log or an export holds them.

import { usage } from '../command/command.ts'
import { readGiven } from '../command/read-file.ts'

export interface AskedQuestion {
  /** Of a golden case, or `<file>:<line>`. */
  readonly name: string
  readonly input: unknown
}

/** @throws PdpError `usage` that names the first line that is none. */
export function readQuestions(path: string): readonly AskedQuestion[] {
  const what = 'a file with one policy input (JSON) a line'
  const lines = Buffer.from(readGiven(path, what)).toString('utf8').split('\n')
  const questions = lines.flatMap((line, at) =>
    line.trim() === ''
      ? []
      : [{ name: `${path}:${String(at + 1)}`, input: inputOf(line, path, at) }],
  )
  if (questions.length > 0) return questions
  throw usage(`${path} is empty; name ${what}.`)
}

function inputOf(line: string, path: string, at: number): unknown {
  try {
    const input = JSON.parse(line) as unknown
    if (typeof input === 'object' && input !== null && 'question' in input) return input
  } catch {
    // Said below, with the place.
  }
  throw usage(
    `${path}:${String(at + 1)} is no policy input: write one JSON object with "question" a line.`,
  )
}
