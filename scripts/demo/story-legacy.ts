/** The same in the legacy era: `everything`, the reference server as it is, and `legacy`, on the v1 SDK. */
import { callScene, connectScene, type Scene } from './scene.ts'

/** A tool that asks for input in the middle of one call. */
function asking(tool: string, kind: 'sampling' | 'elicitation'): readonly string[] {
  return [
    `request tool:${tool} permit`,
    `input_request ${kind} permit`,
    `input_response ${kind} permit`,
    `result tool:${tool} permit`,
  ]
}

/** The server is told no and carries on: its tool fails, and the client gets that. */
function refusedAsking(
  tool: string,
  kind: 'sampling' | 'elicitation',
  code: string,
): readonly string[] {
  return [
    `request tool:${tool} permit`,
    `input_request ${kind} deny ${code}`,
    `result tool:${tool} permit`,
  ]
}

const everything: readonly Scene[] = [
  connectScene('alice opens the reference server of the MCP project', 'everything', ['get-env']),
  callScene({
    title: 'get-env calls itself read-only, and would return the whole environment',
    server: 'everything',
    tool: 'get-env',
    arguments: {},
    end: 'refused',
    expected: ['request tool:get-env deny capability.unknown'],
  }),
  callScene({
    title: 'the server borrows her model for 5,000 tokens: cut, as in the modern era',
    server: 'everything',
    tool: 'trigger-sampling-request',
    arguments: { prompt: 'What happened?', maxTokens: 5000 },
    end: 'result',
    expected: asking('trigger-sampling-request', 'sampling'),
    heard: ({ maxTokens }) => maxTokens === 500,
  }),
  callScene({
    title: 'the server asks her with a long form that speaks of a PIN: better not',
    server: 'everything',
    tool: 'trigger-elicitation-request',
    arguments: {},
    end: 'failure',
    expected: refusedAsking(
      'trigger-elicitation-request',
      'elicitation',
      'clarification.secret_asked',
    ),
  }),
]

const legacy: readonly Scene[] = [
  connectScene('alice opens an old server', 'legacy', []),
  callScene({
    title: 'it asks her for a region: harmless',
    server: 'legacy',
    tool: 'choose_region',
    arguments: {},
    end: 'result',
    expected: asking('choose_region', 'elicitation'),
    heard: ({ message }) => message === 'Which region?',
  }),
  callScene({
    title: 'it asks her for an API key',
    server: 'legacy',
    tool: 'link_account',
    arguments: {},
    end: 'failure',
    expected: refusedAsking('link_account', 'elicitation', 'clarification.secret_asked'),
  }),
  callScene({
    title: 'it wants the context of all servers for its prompt',
    server: 'legacy',
    tool: 'review_context',
    arguments: { question: 'What do the others know?' },
    end: 'failure',
    expected: refusedAsking('review_context', 'sampling', 'sampling.context_wider'),
  }),
]

export const legacyStory: readonly Scene[] = [...everything, ...legacy]
