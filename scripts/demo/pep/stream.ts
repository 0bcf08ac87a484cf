/** Server-sent events, as far as MCP's Streamable HTTP needs them: one JSON-RPC message an event. */
import { parseMessage, type Message } from './message.ts'

/**
 * The messages of an event stream. Event ids are not passed on: a resumed stream would bring results
 * that belong to no call the gateway knows.
 */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<Message> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true })
    const events = rest.split(/\r?\n\r?\n/u)
    rest = events.pop() ?? ''
    for (const event of events) {
      const data = dataOf(event)
      if (data !== '') yield parseMessage(data)
    }
  }
}

function dataOf(event: string): string {
  return event
    .split(/\r?\n/u)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length).trimStart())
    .join('\n')
}

export function eventOf(message: Message): string {
  return `event: message\ndata: ${JSON.stringify(message)}\n\n`
}
