// The tools of the measured servers, with definitions as MCP servers write them: about a kilobyte,
// descriptions for a model, an input schema, an output schema, annotations.

import type { EffectFacet } from '../../service/contract/registry.ts'

export type Tool = {
  readonly verb: string
  readonly reads: boolean
  /** Only a group may use it that no initiator is in. */
  readonly restricted: boolean
  readonly effects: readonly EffectFacet[]
}

type Definition = { readonly name: string } & Readonly<Record<string, unknown>>

export const regions = ['eu-central-1', 'eu-west-1', 'eu-north-1'] as const

const reading = [
  'search_records',
  'get_record',
  'list_changes',
  'describe_service',
  'read_metrics',
  'list_alerts',
  'get_timeline',
  'find_owner',
  'list_deployments',
  'get_configuration',
  'compare_versions',
  'list_tickets',
  'read_runbook',
] as const
const writing = ['add_comment', 'open_ticket', 'update_labels', 'restart_service'] as const
const irreversible = ['delete_record', 'purge_queue'] as const

export const tools: readonly Tool[] = [
  ...reading.map((verb) => toolOf(verb, ['reads_private'])),
  ...writing.map((verb) => toolOf(verb, ['modifies_downstream'])),
  ...irreversible.map((verb) => toolOf(verb, ['modifies_downstream', 'irreversible'])),
  { ...toolOf('rotate_keys', ['modifies_downstream']), restricted: true },
]

function toolOf(verb: string, effects: readonly EffectFacet[]): Tool {
  return { verb, effects, reads: effects.includes('reads_private'), restricted: false }
}

export function toolName(server: number, tool: Tool): string {
  return `s${String(server).padStart(3, '0')}_${tool.verb}`
}

/** The tool as its server lists it. */
export function definitionOf(server: number, tool: Tool): Definition {
  const words = tool.verb.replaceAll('_', ' ')
  return {
    name: toolName(server, tool),
    title: words.slice(0, 1).toUpperCase() + words.slice(1),
    description:
      `Use this to ${words} of one service that the platform team ${String(server)} runs. ` +
      'Give the name of the service as it stands in the catalogue, and the region it runs in. ' +
      'Answers are sorted, newest first, and cut at the limit; ask again with a narrower query ' +
      'rather than with a larger limit.',
    inputSchema: inputSchema(),
    outputSchema: outputSchema(),
    annotations: {
      readOnlyHint: tool.reads,
      destructiveHint: tool.effects.includes('irreversible'),
      idempotentHint: tool.reads,
      openWorldHint: false,
    },
  }
}

function inputSchema(): object {
  return {
    type: 'object',
    properties: {
      service: { type: 'string', description: 'Name in the catalogue, for example checkout-api' },
      region: { type: 'string', enum: regions },
      query: { type: 'string', description: 'Words that must all occur', maxLength: 512 },
      limit: { type: 'integer', minimum: 1, maximum: 200, default: 20 },
      labels: { type: 'array', items: { type: 'string' }, maxItems: 16 },
      since: { type: 'string', format: 'date-time', description: 'Nothing older than this' },
    },
    required: ['service', 'region'],
    additionalProperties: false,
  }
}

function outputSchema(): object {
  return {
    type: 'object',
    properties: {
      items: { type: 'array', items: { type: 'object', properties: { id: { type: 'string' } } } },
      more: { type: 'boolean' },
    },
    required: ['items'],
  }
}
