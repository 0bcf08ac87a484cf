// The rules of this house that no other tool checks. Prints each breach; exits non-zero on any.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { root } from './parts/root.ts'

const source = ['service', 'scripts', 'test'].flatMap((folder) => filesUnder(folder))
const breaches = [
  ...source.flatMap(breachesOf),
  ...foldersOf('service').flatMap((folder) =>
    existsSync(join(root, folder, 'README.md')) ? [] : [`${folder} has no README.md`],
  ),
  ...(read('package-lock.json').includes('"resolved":')
    ? ['package-lock.json names a registry: keep omit-lockfile-registry-resolved in .npmrc']
    : []),
]

for (const breach of breaches) process.stdout.write(`${breach}\n`)
process.exitCode = breaches.length === 0 ? 0 : 1

function breachesOf(file: string): readonly string[] {
  if (!file.endsWith('.ts')) return []
  const lines = read(file).split('\n')
  return [
    ...(basename(file) === 'index.ts'
      ? [`${file} is a barrel: import the file that defines it`]
      : []),
    ...(file.startsWith('test/') || lines[0]?.startsWith('/') === true
      ? []
      : [`${file} does not open with what it is`]),
    ...lines.flatMap((line, at) =>
      /eslint-disable|@ts-expect-error|@ts-ignore/.test(line) && !/ -- \S/.test(line)
        ? [`${file}:${at + 1} switches a rule off without a reason (-- why)`]
        : [],
    ),
  ]
}

function filesUnder(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
    join(folder, name),
  )
}

/** The folder itself and each folder straight under it. */
function foldersOf(folder: string): readonly string[] {
  const inside = readdirSync(join(root, folder), { withFileTypes: true })
  return [
    folder,
    ...inside.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name)),
  ]
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}
