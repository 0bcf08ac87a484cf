// A file of an exported log that is there and is not what it must be. For who reads the log it cannot be used; for who
// verifies it, this is what is wrong with it.

import { PdpError } from '../../../service/contract/error-code.ts'

export class MalformedFile extends PdpError {
  /** Inside the log. */
  readonly file: string
  readonly expected: string
  readonly found: string

  /** @param advice what to do about it, when the log is only read */
  constructor(
    log: string,
    { file, expected, found }: Pick<MalformedFile, 'file' | 'expected' | 'found'>,
    advice: string,
  ) {
    super('usage', `${log}: ${file} is not ${expected}, but ${found}; ${advice}.`)
    this.file = file
    this.expected = expected
    this.found = found
  }
}
