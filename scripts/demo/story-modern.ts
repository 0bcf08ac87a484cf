/** The story in the modern era: `ops`, revision 2026-07-28. */
import { callScene, connectScene, type Scene } from './scene.ts'

const server = 'ops'

const plain: readonly Scene[] = [
  connectScene('alice opens ops: the list comes without the tool that nobody reviewed', server, [
    'debug_shell',
  ]),
  callScene({
    title: 'she looks at a service: inside her purpose',
    server,
    tool: 'status',
    arguments: { service: 'api' },
    end: 'result',
    expected: ['request tool:status permit', 'result tool:status permit'],
  }),
  callScene({
    title: 'she reads the salaries: the tool is hers, but that path holds confidential data',
    server,
    tool: 'read_report',
    arguments: { path: '/hr/salaries' },
    end: 'refused',
    expected: ['request tool:read_report deny purpose.classification_outside'],
  }),
  callScene({
    title: 'she sends mail: her purpose, an incident, does not cover it',
    server,
    tool: 'send_mail',
    arguments: { to: 'someone@example.com', body: 'hello' },
    end: 'refused',
    expected: ['request tool:send_mail deny purpose.capability_outside'],
  }),
  callScene({
    title: 'she deploys to production: irreversible, so a person must approve it first',
    server,
    tool: 'deploy',
    arguments: { env: 'prod', replicas: 3 },
    end: 'refused',
    expected: ['request tool:deploy hold capability.approval_required'],
  }),
  callScene({
    title: 'she calls the hidden tool anyway',
    server,
    tool: 'debug_shell',
    arguments: { command: 'id' },
    end: 'refused',
    expected: ['request tool:debug_shell deny capability.unknown'],
  }),
]

/** A tool that asks for input: called twice, the second time with the answer. */
function asking(tool: string, kind: 'sampling' | 'elicitation'): readonly string[] {
  return [
    `request tool:${tool} permit`,
    `input_request ${kind} permit`,
    `request tool:${tool} permit`,
    `input_response ${kind} permit`,
    `result tool:${tool} permit`,
  ]
}

const elicitation: readonly Scene[] = [
  callScene({
    title: 'a tool asks her to confirm: harmless, so she is asked, and her answer goes back',
    server,
    tool: 'open_ticket',
    arguments: { title: 'disk full' },
    end: 'result',
    expected: asking('open_ticket', 'elicitation'),
    heard: ({ message }) => message === 'Open the ticket "disk full"?',
  }),
  callScene({
    title: 'a tool asks for an API key: she never sees the form',
    server,
    tool: 'connect_repository',
    arguments: { url: 'https://git.example.com/api' },
    end: 'refused',
    expected: [
      'request tool:connect_repository permit',
      'input_request elicitation deny clarification.secret_asked',
    ],
  }),
]

const sampling: readonly Scene[] = [
  callScene({
    title: 'a tool borrows her model for 200 tokens',
    server,
    tool: 'summarise_incident',
    arguments: { incident: 'INC-4711' },
    end: 'result',
    expected: asking('summarise_incident', 'sampling'),
    heard: ({ maxTokens }) => maxTokens === 200,
  }),
  callScene({
    title: 'a tool wants 50,000 tokens: cut to the 500 that were granted',
    server,
    tool: 'explain_outage',
    arguments: { incident: 'INC-4711' },
    end: 'result',
    expected: asking('explain_outage', 'sampling'),
    heard: ({ maxTokens }) => maxTokens === 500,
  }),
  callScene({
    title: 'a tool wants the context of all servers for its prompt',
    server,
    tool: 'compare_servers',
    arguments: { incident: 'INC-4711' },
    end: 'refused',
    expected: [
      'request tool:compare_servers permit',
      'input_request sampling deny sampling.context_wider',
    ],
  }),
]

export const modernStory: readonly Scene[] = [...plain, ...elicitation, ...sampling]
