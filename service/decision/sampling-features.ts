/**
 * What policy needs to know of a sampling request or its answer (MCP client/sampling, both eras):
 * how much context a server asks of the caller's model, with which tools, and what came back.
 */
import type { SamplingFeatures, TextFeature } from '../contract/input-features.ts'
import { canonicalJson } from '../statement/canonical-json.ts'
import { digestOf } from '../statement/digest.ts'
import { listOf, numberOf, objectOf, textOf, type JsonObject } from './json-value.ts'
import { hasHidden } from './text-feature.ts'

/**
 * @param asked   the `sampling/createMessage` params as the server sent them; null when unknown.
 * @param answer  the client's CreateMessageResult; null while it is asked.
 */
export function samplingFeatures(
  asked: JsonObject | null,
  answer: JsonObject | null,
): SamplingFeatures {
  const messages = listOf(asked?.['messages'])
  const said = answer === null ? messages : [...messages, answer]
  const systemPrompt = asked?.['systemPrompt']
  // Whatever reaches the model, wherever it stands.
  const context = [systemPrompt ?? null, asked?.['messages'] ?? [], asked?.['tools'] ?? []]
  return {
    answered_model: answeredModel(answer),
    context_bytes: new TextEncoder().encode(canonicalJson(context)).length,
    context_digest: digestOf('content', context),
    include_context: contextOf(asked),
    max_tokens: numberOf(asked?.['maxTokens']),
    media_types: [...new Set(said.flatMap(mediaTypesOf))],
    message_count: messages.length,
    models: hintsOf(asked),
    system_prompt_digest: systemPrompt === undefined ? null : digestOf('content', systemPrompt),
    texts: [...textsOf('', asked), ...textsOf('/answer', answer)],
    tools: [...toolsOf(asked), ...said.flatMap(usedTools)],
    well_formed: isWellFormed(asked, answer),
  }
}

function answeredModel(answer: JsonObject | null): string | null {
  return answer === null ? null : (textOf(answer['model']) ?? '')
}

/** Absent means none (MCP 2026-07-28); a value of another type must not pass for it. */
function contextOf(asked: JsonObject | null): string {
  const value = asked?.['includeContext']
  if (asked === null) return 'unknown'
  return value === undefined ? 'none' : (textOf(value) ?? 'unknown')
}

function hintsOf(asked: JsonObject | null): string[] {
  const hints = listOf(objectOf(asked?.['modelPreferences'])?.['hints'])
  return hints.map((hint) => textOf(objectOf(hint)?.['name']) ?? '')
}

type Tool = SamplingFeatures['tools'][number]

function toolsOf(asked: JsonObject | null): Tool[] {
  return listOf(asked?.['tools']).map((tool) => ({
    definition_digest: digestOf('definition', tool),
    name: textOf(objectOf(tool)?.['name']) ?? '',
  }))
}

/** A tool that the model is made to use, or used, though it was not offered. */
function usedTools(message: unknown): Tool[] {
  return blocksOf(message)
    .map(objectOf)
    .filter((block) => block?.['type'] === 'tool_use')
    .map((block) => ({
      definition_digest: digestOf('definition', block),
      name: textOf(block?.['name']) ?? '',
    }))
}

function blocksOf(message: unknown): readonly unknown[] {
  const content = objectOf(message)?.['content']
  return Array.isArray(content) ? content : [content]
}

function mediaTypesOf(message: unknown): string[] {
  return blocksOf(message).map((block) => textOf(objectOf(block)?.['type']) ?? 'unknown')
}

/** Every text that the model may read; only whether something in it is hidden, for it may be long. */
function textsOf(where: string, value: unknown): TextFeature[] {
  if (typeof value === 'string') {
    return [{ folded: '', hidden: hasHidden(value), length: value.length, where }]
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => textsOf(`${where}/${name}`, member))
}

/** Lists are lists and messages have content: another shape may mean another thing to a client. */
function isWellFormed(asked: JsonObject | null, answer: JsonObject | null): boolean {
  if (asked === null) return false
  const { messages, tools = [], systemPrompt = '' } = asked
  if (!Array.isArray(messages) || !Array.isArray(tools) || typeof systemPrompt !== 'string')
    return false
  if (!hasListedHints(asked)) return false
  const said = answer === null ? listOf(messages) : [...listOf(messages), answer]
  return said.every(hasBlocks) && tools.every((tool) => textOf(objectOf(tool)?.['name']) !== null)
}

function hasListedHints(asked: JsonObject): boolean {
  const preferences = asked['modelPreferences']
  if (preferences === undefined) return true
  const hints = objectOf(preferences)?.['hints'] ?? []
  return objectOf(preferences) !== null && Array.isArray(hints)
}

function hasBlocks(message: unknown): boolean {
  return blocksOf(message).every((block) => textOf(objectOf(block)?.['type']) !== null)
}
