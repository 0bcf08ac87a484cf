// Lines of JSON out of a stream of bytes (NDJSON); empty lines keep a connection and say nothing.

import { PdpError } from '../../../service/contract/error-code.ts'

/** Far above what an entry of 65,535 bytes takes as JSON. */
const mostCharacters = 1024 * 1024

/** @throws PdpError `not_ready` for what is no JSON, or a line that is too long; what reading throws. */
export async function* jsonLines(body: AsyncIterable<Uint8Array>): AsyncGenerator {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.trim() !== '') yield valueOf(line)
    if (rest.length > mostCharacters) throw broken()
  }
  // A line that is cut off was not sent whole: the next connection brings it again.
}

function valueOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw broken()
  }
}

function broken(): PdpError {
  return new PdpError('not_ready', 'The service sent what is no line of JSON: ask again.')
}
