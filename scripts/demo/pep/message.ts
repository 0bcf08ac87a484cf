/** JSON-RPC messages of MCP, both eras, as they pass through the gateway: nothing is renamed or dropped. */

export type JsonObject = Readonly<Record<string, unknown>>
export type Id = string | number

export type RpcError = { readonly code: number; readonly message: string; readonly data?: unknown }

export type Request = {
  readonly jsonrpc: '2.0'
  readonly id: Id
  readonly method: string
  readonly params?: JsonObject
}
export type Notification = Omit<Request, 'id'>
export type Response = {
  readonly jsonrpc: '2.0'
  readonly id: Id
  readonly result?: JsonObject
  readonly error?: RpcError
}
export type Message = Request | Notification | Response

export function isRequest(message: Message): message is Request {
  return 'method' in message && 'id' in message
}

export function isNotification(message: Message): message is Notification {
  return 'method' in message && !('id' in message)
}

/** @throws SyntaxError for anything but one message; a batch hides what is asked, and both eras dropped it. */
export function parseMessage(text: string): Message {
  const value: unknown = JSON.parse(text)
  const message = objectOf(value)
  const isOne = message !== null && ('method' in message || 'id' in message)
  if (!isOne) throw new SyntaxError('Send one JSON-RPC message.')
  return message as Message
}

export function objectOf(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : null
}

export function resultMessage(id: Id, result: JsonObject): Response {
  return { jsonrpc: '2.0', id, result }
}

export function errorMessage(id: Id, error: RpcError): Response {
  return { jsonrpc: '2.0', id, error }
}
