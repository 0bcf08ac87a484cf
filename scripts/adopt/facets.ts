// Effect facets that a reviewer starts from. What a server says of itself may add to them and never take one away:
// what nobody has looked at has every effect that a rule is stricter for.

import { EffectFacet } from '../../service/contract/registry.ts'
import { objectOf, textOf, type JsonObject } from '../../service/decision/json-value.ts'
import type { ServedItem } from './served-items.ts'

export interface ProposedFacet {
  readonly facet: EffectFacet
  readonly reason: string
}

/** All facets, in the order of the contract. */
export const facets: readonly EffectFacet[] = (
  EffectFacet as unknown as { readonly anyOf: readonly { readonly const: EffectFacet }[] }
).anyOf.map((one) => one.const)

/**
 * `reads_secrets` is never among them: it is the one facet that a rule is laxer for (what a tool that reads
 * secrets returns may hold one), and a server could have it by the name of an argument.
 */
export function proposeFacets({ kind, definition }: ServedItem): readonly ProposedFacet[] {
  const reading = [
    { facet: 'reads_private', reason: 'nothing shows that it reads only what is public' },
    { facet: 'reads_untrusted', reason: 'nothing shows that what it returns can be trusted' },
  ] as const
  const asking = [
    { facet: 'borrows_model', reason: 'nothing shows that it never asks for a model' },
    { facet: 'asks_person', reason: 'nothing shows that it never asks a person' },
  ] as const
  // MCP has no words for a prompt or a resource that changes something.
  if (kind !== 'tool') return [...reading, leaving(definition), ...asking]
  const hints = objectOf(definition['annotations']) ?? {}
  return [
    ...reading,
    leaving(definition),
    { facet: 'modifies_downstream', reason: writing(definition, hints['readOnlyHint']) },
    { facet: 'irreversible', reason: destroying(hints) },
    {
      facet: 'executes_code',
      reason: because(definition, code, 'nothing shows that it runs no code'),
    },
    ...asking,
  ]
}

/** What a server says that its own names and arguments speak against; a reviewer should know. */
export function contradictionsOf({ kind, definition }: ServedItem): readonly string[] {
  const hints = objectOf(definition['annotations']) ?? {}
  const verb = verbOf(definition)
  const run = argumentOf(definition, code)
  const lead = argumentOf(definition, external)
  if (kind !== 'tool') return []
  return [
    ...(hints['readOnlyHint'] === true && verb !== null
      ? [`says that it only reads, and is named for what it does: ${verb}`]
      : []),
    ...(hints['readOnlyHint'] === true && run !== null
      ? [`says that it only reads, and takes an argument ${run}`]
      : []),
    ...(hints['openWorldHint'] === false && lead !== null
      ? [`says that it stays inside, and takes an argument ${lead}`]
      : []),
  ]
}

const external = /^(?:url|uri|host|hostname|endpoint|webhook|to|recipients?|email|domain)$/iu
const code = /^(?:command|cmd|code|script|shell|sql|query|expression|eval|args|argv)$/iu
const verbs =
  /(?:^|[_./-])(add|apply|approve|assign|cancel|close|create|delete|deploy|disable|drop|edit|enable|exec|execute|grant|insert|install|invoke|kill|merge|modify|move|patch|pay|post|publish|purge|push|put|remove|rename|replace|reset|restart|revoke|rotate|run|send|set|shell|start|stop|submit|terminate|transfer|truncate|uninstall|update|upload|wipe|write)(?=$|[_./-])/iu

function leaving(definition: JsonObject): ProposedFacet {
  const hint = objectOf(definition['annotations'])?.['openWorldHint']
  const said =
    hint === true
      ? 'the server says that it reaches outside'
      : hint === false
        ? 'the server says that it stays inside: its word takes nothing away'
        : 'nothing shows that it stays inside'
  return { facet: 'calls_external', reason: because(definition, external, said) }
}

function writing(definition: JsonObject, readOnly: unknown): string {
  const verb = verbOf(definition)
  if (verb !== null) return `it is named for what it does: ${verb}`
  if (readOnly === true) return onlyReads
  return readOnly === false ? 'the server says that it writes' : `${silent} to write`
}

function destroying(hints: JsonObject): string {
  if (hints['destructiveHint'] === true) return 'the server says that it is destructive'
  if (hints['readOnlyHint'] === true) return onlyReads
  return hints['destructiveHint'] === false
    ? 'the server says that it only adds: its word takes nothing away'
    : `${silent} to be destructive`
}

const onlyReads = 'the server says that it only reads: its word takes nothing away'
const silent = 'the server does not say, and MCP then takes it'

/** An argument's name is evidence that the server itself gave: it says more than silence. */
function because(definition: JsonObject, names: RegExp, otherwise: string): string {
  const found = argumentOf(definition, names)
  return found === null ? otherwise : `it takes an argument ${found}`
}

function argumentOf(definition: JsonObject, names: RegExp): string | null {
  const properties = objectOf(objectOf(definition['inputSchema'])?.['properties']) ?? {}
  return Object.keys(properties).find((name) => names.test(name)) ?? null
}

/** `deleteAll` reads as `delete_All`. */
function verbOf(definition: JsonObject): string | null {
  const name = (textOf(definition['name']) ?? '').replace(/([a-z0-9])([A-Z])/gu, '$1_$2')
  return verbs.exec(name)?.[1]?.toLowerCase() ?? null
}
