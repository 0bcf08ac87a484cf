/** Text by code points, which is how Go counts what it calls runes. */

export function runesOf(text: string): string[] {
  return Array.from(text)
}
