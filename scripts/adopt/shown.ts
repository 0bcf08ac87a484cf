// What a server or a recorded question says, where a person reads it: on one line, bounded, without what a terminal
// or Markdown would take for more. The files of the registry hold it as it came, escaped.

const mostCharacters = 200

export function plain(text: string): string {
  const shown = text.replace(/[\p{C}\p{Z}\s]+/gu, ' ').replace(/[`<>[\]|*_#\\]/gu, '?')
  return shown.length > mostCharacters ? `${shown.slice(0, mostCharacters)}…` : shown
}

export function quoted(text: string): string {
  return `"${plain(text)}"`
}
