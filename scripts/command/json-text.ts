// JSON that shows every character that is there: what a server or an agent wrote may hold what a terminal obeys or
// what no eye sees. Reading it gives back the same value.

const unseen = /(?!\n)[\p{C}\u2028\u2029]/gu

export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(unseen, escaped)
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
  return units.map((unit) => String.raw`\u${unit.toString(16).padStart(4, '0')}`).join('')
}
