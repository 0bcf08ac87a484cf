/** What the servers of the demo really ran, in order: nothing may stand in it that was not permitted. */

export type Journal = string[]

/** A tool's answer, as both SDKs have it. */
export type TextResult = { content: { type: 'text'; text: string }[] }

export function text(value: string): TextResult {
  return { content: [{ type: 'text', text: value }] }
}

/** Writes down that something ran, and says so. */
export function ran(journal: Journal, what: string): TextResult {
  journal.push(what)
  return text(what)
}
