/** `everything`: the reference server of the MCP project, as it is, with its own sampling and elicitation. */
import { createServer } from '@modelcontextprotocol/server-everything/dist/server/index.js'
import type { Listener } from '../listen.ts'
import { startSessions } from './sessions.ts'

/** Hosted on loopback: the package's own launcher would listen on every interface. */
export function startEverything(): Promise<Listener> {
  return startSessions(createServer)
}
