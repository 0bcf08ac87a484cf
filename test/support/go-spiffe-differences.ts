/** Where go-spiffe and we differ, as the README beside the program explains it. */
import { readFileSync } from 'node:fs'

/** What both say of one case: `takes …`, or why it is refused. */
export type Judged = { readonly case: string; readonly ours: string; readonly theirs: string }

const takes = (verdict: string): boolean => verdict.startsWith('takes')

/** Both take it and read the same from it, or both refuse it. */
export const agrees = ({ ours, theirs }: Judged): boolean =>
  takes(ours) ? ours === theirs : !takes(theirs)

/** @param section heading of the table; rows `| case | we say | go-spiffe says | why |`, sorted. */
export function explainedDifferences(section: string): readonly string[] {
  const text = readFileSync('scripts/tools/spiffe/README.md', 'utf8')
  const [, after = ''] = text.split(`\n### ${section}\n`)
  const [table = ''] = after.split('\n#')
  return table
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes('`'))
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    .map(([, name = '', ours = '', theirs = '']) => JSON.stringify([name, ours, theirs]))
    .sort()
}

/** The same of what was found, each once. */
export function foundDifferences(judged: readonly Judged[]): readonly string[] {
  const short = (verdict: string): string => (takes(verdict) ? 'takes it' : verdict)
  const rows = judged
    .filter((one) => !agrees(one))
    .map(({ case: name, ours, theirs }) => JSON.stringify([name, short(ours), short(theirs)]))
  return [...new Set(rows)].sort()
}
