/** The one part of the reference server that is used; its package has no types. */
declare module '@modelcontextprotocol/server-everything/dist/server/index.js' {
  import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'

  export function createServer(): {
    readonly server: McpServer
    readonly cleanup: (sessionId: string) => void
  }
}
