/** Lines out of a stream of bytes: whole ones, and never more of an unfinished one than a message may have. */
import { mostLineBytes } from '../../contract/signer-message.ts'

export class Lines {
  #rest = Buffer.alloc(0)

  /** @throws RangeError for a line that is too long: what comes after it cannot be told apart. */
  take(chunk: Uint8Array): readonly string[] {
    const bytes = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk])
    const lines: string[] = []
    let from = 0
    for (let to = bytes.indexOf(10); to !== -1; to = bytes.indexOf(10, from)) {
      lines.push(bytes.toString('utf8', from, to))
      from = to + 1
    }
    this.#rest = bytes.subarray(from)
    if (this.#rest.length > mostLineBytes || lines.some((line) => line.length > mostLineBytes))
      throw new RangeError('a message is too long')
    return lines
  }
}
