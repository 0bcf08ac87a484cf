import { expect, it } from '@jest/globals'
import { MemoryLog } from '../../../service/adapter/memory-log/memory-log.ts'
import { draft } from '../../port/audit-log-drafts.ts'
import { auditLogSuite } from '../../port/audit-log.suite.ts'

auditLogSuite('memory', false, () => ({
  open: () => Promise.resolve(new MemoryLog('https://pdp.test/acme')),
  afterCrash: () => Promise.reject(new Error('nothing survives')),
  clean: () => Promise.resolve(),
}))

it('refuses everything after it was made to fail', async () => {
  const log = new MemoryLog('https://pdp.test/acme')
  await log.append(draft('dec_1'), null)
  log.fail('no disk')
  await expect(log.append(draft('dec_2'), null)).rejects.toMatchObject({
    code: 'audit_unavailable',
  })
  expect(log.failure()).toBe('no disk')
  expect(log.size()).toBe(1)
})
