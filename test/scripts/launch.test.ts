import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from '@jest/globals'

const launcher = 'scripts/node.js'

test('a program runs under Node 26 or newer', () => {
  const { stdout } = spawnSync(process.execPath, [launcher, '-p', 'process.versions.node'])
  expect(Number.parseInt(stdout.toString(), 10)).toBeGreaterThanOrEqual(26)
})

test('the exit code of the program is kept', () => {
  expect(spawnSync(process.execPath, [launcher, '-e', 'process.exit(7)']).status).toBe(7)
})

test('a signal reaches the program, which may end in its own way', async () => {
  const program =
    'process.on("SIGTERM", () => process.exit(3)); setInterval(() => {}, 1000); console.log("up")'
  const child = spawn(process.execPath, [launcher, '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([3, null])
})

test('a program that dies of a signal makes the launcher die of it', async () => {
  const child = spawn(process.execPath, [launcher, '-e', 'process.kill(process.pid, "SIGKILL")'])
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
})
