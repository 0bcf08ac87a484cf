/**
 * What policy needs to know of a sampling request or its answer (MCP client/sampling, both eras):
 * how much context a server asks of the caller's model, with which tools, and what came back.
 */
import type { SamplingFeatures, TextFeature } from '../contract/policy-input.ts'
import { digestOf } from '../statement/digest.ts'
import { canonicalJson } from '../statement/canonical-json.ts'
import { listOf, numberOf, objectOf, textOf, type JsonObject } from './json-value.ts'
import { textFeature } from './text-feature.ts'

/**
 * @param asked   the `sampling/createMessage` params as the server sent them; null when unknown.
 * @param answer  the client's CreateMessageResult; null while it is asked.
 */
export function samplingFeatures(
  asked: JsonObject | null,
  answer: JsonObject | null,
): SamplingFeatures {
  const messages = listOf(asked?.['messages'])
  const systemPrompt = asked?.['systemPrompt']
  const hints = listOf(objectOf(asked?.['modelPreferences'])?.['hints'])
  const context = [systemPrompt ?? null, messages]
  return {
    // Absent means none (MCP 2026-07-28); a value of another type must not pass for it.
    include_context: contextOf(asked),
    max_tokens: numberOf(asked?.['maxTokens']),
    message_count: messages.length,
    context_bytes: canonicalJson(context).length,
    context_digest: digestOf('content', context),
    system_prompt_digest: systemPrompt === undefined ? null : digestOf('content', systemPrompt),
    tools: listOf(asked?.['tools']).map((tool) => ({
      name: textOf(objectOf(tool)?.['name']) ?? '',
      definition_digest: digestOf('definition', tool),
    })),
    models: hints.map((hint) => textOf(objectOf(hint)?.['name']) ?? ''),
    media_types: [
      ...new Set([...messages, ...(answer === null ? [] : [answer])].flatMap(mediaTypesOf)),
    ],
    texts: textsOf(asked, answer),
    answered_model: answer === null ? null : (textOf(answer['model']) ?? ''),
  }
}

function contextOf(asked: JsonObject | null): string {
  const value = asked?.['includeContext']
  if (asked === null) return 'unknown'
  return value === undefined ? 'none' : (textOf(value) ?? 'unknown')
}

function blocksOf(message: unknown): readonly unknown[] {
  const content = objectOf(message)?.['content']
  return Array.isArray(content) ? content : [content]
}

function mediaTypesOf(message: unknown): string[] {
  return blocksOf(message).map((block) => textOf(objectOf(block)?.['type']) ?? 'unknown')
}

function textsOf(asked: JsonObject | null, answer: JsonObject | null): TextFeature[] {
  const texts: TextFeature[] = []
  const add = (where: string, value: unknown): void => {
    if (typeof value === 'string') texts.push(textFeature(where, value))
  }
  add('/systemPrompt', asked?.['systemPrompt'])
  listOf(asked?.['messages']).forEach((message, i) => {
    blocksOf(message).forEach((block) => {
      add(`/messages/${String(i)}`, objectOf(block)?.['text'])
    })
  })
  blocksOf(answer ?? {}).forEach((block) => {
    add('/content', objectOf(block)?.['text'])
  })
  return texts
}
