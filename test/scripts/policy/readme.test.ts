/** "Write policy" of the README, done as it stands there: what fails, fails, and what is permitted, is. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, expect, it } from '@jest/globals'
import { describeWithParts } from '../../support/parts.ts'
import { codeUnder } from '../../support/readme.ts'

const root = join(import.meta.dirname, '../../..')
const top = mkdtempSync(join(tmpdir(), 'countersign-readme-'))
afterAll(() => {
  rmSync(top, { recursive: true, force: true })
})

/** `countersign` of this repository, and the repository itself under the name that the text gives it. */
const path = (): string => {
  const [bin, main] = [join(top, 'bin'), join(root, 'scripts/command/main.ts')]
  mkdirSync(bin, { recursive: true })
  const program = join(bin, 'countersign')
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`)
  chmodSync(program, 0o755)
  return `${bin}${delimiter}${process.env['PATH'] ?? ''}`
}

type Ran = { readonly line: string; readonly status: number | null; readonly printed: string }

function shell(line: string, folder: string, environment: NodeJS.ProcessEnv): Ran {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', line], {
    ...{ cwd: folder, env: environment, encoding: 'utf8', timeout: 120_000 },
  })
  return { line, status, printed: stdout + stderr }
}

/** Each `---` names a file; its lines without `+` are replaced by those without `-`. */
function edit(folder: string, difference: string): void {
  for (const part of difference.split(/^--- /mu).slice(1)) {
    const [name = '', ...lines] = part.trimEnd().split('\n')
    const without = (sign: string): string =>
      lines
        .filter((line) => !line.startsWith(sign))
        .map((line) => `${line.slice(1)}\n`)
        .join('')
    const file = join(folder, name)
    const parts = readFileSync(file, 'utf8').split(without('+'))
    expect([name, parts.length]).toEqual([name, 2])
    writeFileSync(file, parts.join(without('-')))
  }
}

describeWithParts('Write policy', () => {
  it('leads from an idea to the first denial and the first permit', () => {
    symlinkSync(root, join(top, 'countersign'))
    const environment = { ...process.env, NODE_OPTIONS: '', PATH: path() }
    const folder = join(top, 'acme-policy')
    const [before = '', after = ''] = codeUnder('## Write policy', 'sh')
    const [difference = ''] = codeUnder('## Write policy', 'diff')
    const [copy = '', ...commands] = before.trimEnd().split('\n')

    expect(shell(copy, top, environment)).toMatchObject({ status: 0, printed: '' })
    const [made, failed] = commands.map((line) => shell(line, folder, environment))
    expect(made).toMatchObject({ status: 0 })
    expect(failed).toMatchObject({ status: 1 })
    expect(failed?.printed).toMatch(/FAIL .*no_payroll_test.*test_deny/u)

    edit(folder, difference)
    const [tested, checked, denied, permitted, ...rest] = after
      .trimEnd()
      .split('\n')
      .map((line) => shell(line, folder, environment))
    expect(rest).toEqual([])
    expect(tested).toMatchObject({
      status: 0,
      printed: expect.stringMatching(/golden {3}7 passed, 0 failed/u),
    })
    expect(checked).toMatchObject({ status: 0, printed: 'Nothing is wrong.\n' })
    expect(denied).toMatchObject({ status: 1 })
    expect(denied?.printed).toMatch(
      /^effect {3}deny\n[^]*team\.no_payroll {2}\S+no_payroll\.rego:\d+/u,
    )
    expect(permitted).toMatchObject({ status: 0 })
    expect(permitted?.printed).toMatch(/^effect {3}permit\n/u)
  }, 180_000)
})
