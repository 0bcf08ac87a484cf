/** One scene of the story: what a client does, what must be decided, and what it must come to. */
import type { CallEnd, JsonObject, McpClient } from './clients.ts'

export const servers = ['ops', 'everything', 'legacy'] as const
export type ServerId = (typeof servers)[number]

/** Those who play. */
export type Cast = {
  readonly connect: (server: ServerId) => Promise<void>
  readonly client: (server: ServerId) => McpClient
}

export type Scene = {
  readonly title: string
  /** @returns what the client saw that it must not have seen; null for nothing. */
  readonly play: (cast: Cast) => Promise<string | null>
  readonly expected: readonly string[]
}

/** What a call comes to for the client: the result, a tool's own failure, or an error of the gateway. */
export type End = 'result' | 'failure' | 'refused'

export type CallScene = {
  readonly title: string
  readonly server: ServerId
  readonly tool: string
  readonly arguments: Record<string, unknown>
  readonly end: End
  readonly expected: readonly string[]
  /** What the client's model or person must have been asked; by default nothing. */
  readonly heard?: (asked: JsonObject) => boolean
}

export function callScene(scene: CallScene): Scene {
  const { title, expected, server, tool } = scene
  return {
    title,
    expected,
    play: async (cast) => {
      const client = cast.client(server)
      const end = endOf(await client.call(tool, scene.arguments))
      if (end !== scene.end) return `the client saw: ${end}; expected: ${scene.end}`
      const heard = client.heard.splice(0)
      if (scene.heard === undefined)
        return heard.length === 0 ? null : 'the client was asked something'
      const [first, second] = heard
      const isRight = first !== undefined && second === undefined && scene.heard(first.params)
      return isRight ? null : `the client was asked: ${JSON.stringify(heard)}`
    },
  }
}

/** Connects, and lists the tools: the first thing that any client does. */
export function connectScene(title: string, server: ServerId, hidden: readonly string[]): Scene {
  return {
    title,
    expected: ['result discover permit', 'result list permit'],
    play: async (cast) => {
      await cast.connect(server)
      const names = (await cast.client(server).listTools()).map((tool) => String(tool['name']))
      const seen = hidden.filter((name) => names.includes(name))
      return seen.length === 0 && names.length > 0 ? null : `the list shows ${seen.join(', ')}`
    },
  }
}

export function endOf(end: CallEnd): End {
  if (!end.ok) return 'refused'
  return end.result['isError'] === true ? 'failure' : 'result'
}
