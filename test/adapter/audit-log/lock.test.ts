import { afterEach, expect, it } from '@jest/globals'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { draft } from '../../port/audit-log-drafts.ts'
import { TemporaryLogs } from './temporary-log.ts'

const logs = new TemporaryLogs()
afterEach(() => logs.clean())

const writer = join(import.meta.dirname, '../../../scripts/crash-writer.ts')

function startWriter(directory: string): ChildProcess {
  return spawn(process.execPath, [writer, directory, '1', '65536'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

it('a second process is refused, told why, and writes nothing', async () => {
  const directory = logs.directory()
  const log = await logs.open(directory)
  await log.append(draft('dec_1'), null)
  const child = startWriter(directory)
  let complaints = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaints += text))
  const [code] = (await once(child, 'close')) as [number]
  expect(code).not.toBe(0)
  expect(complaints).toContain('Another process writes the log')
  expect((await log.append(draft('dec_2'), null)).leaf.index).toBe(1)
})

it('a process that was killed holds nothing back', async () => {
  const directory = logs.directory()
  const child = startWriter(directory)
  await once(child.stdout!, 'data')
  await expect(logs.open(directory)).rejects.toMatchObject({ code: 'log_locked' })
  child.kill('SIGKILL')
  await once(child, 'close')
  const log = await logs.open(directory)
  expect((await log.append(draft('dec_after'), null)).leaf.jti).toBe('dec_after')
})

it('the same process may not open it twice either, and may after closing it', async () => {
  const directory = logs.directory()
  const log = await logs.open(directory)
  await expect(logs.open(directory)).rejects.toMatchObject({ code: 'log_locked' })
  await log.close()
  await (await logs.open(directory)).close()
})

it('an opening that was refused later on gives the lock back', async () => {
  const directory = logs.directory()
  const system = (await import('../../../service/adapter/audit-log/file-system.ts')).nodeFileSystem
  const broken = { ...system, list: () => Promise.reject(new Error('no such disk')) }
  await expect(logs.open(directory, { system: broken })).rejects.toThrow('no such disk')
  expect((await logs.open(directory)).size()).toBe(0)
})
