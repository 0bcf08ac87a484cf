/** Parts of README.md, so that what it tells people to do is done as it stands there. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const text = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')

/** The code of one language under a heading, block by block. @throws when there is none. */
export function codeUnder(heading: string, language: string): readonly string[] {
  const [, from = ''] = text.split(`\n${heading}\n`)
  const [section = ''] = from.split(/^#{2,3} /mu)
  const blocks = [...section.matchAll(/^```(\w+)\n([^]*?)^```$/gmu)]
    .filter(([, of]) => of === language)
    .map(([, , code = '']) => code)
  if (blocks.length === 0) throw new Error(`README.md has no ${language} under ${heading}`)
  return blocks
}
