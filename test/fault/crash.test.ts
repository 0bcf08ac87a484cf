/** `kill -9` of the whole service under load: what it answered is in its log, which is published whole. The long form is `npm run crash -- --service`. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { checkAfterCrash } from '../../scripts/crash-check.ts'
import { crashServiceRun, developmentOrigin } from '../../scripts/crash-service.ts'

it('a decision that was answered survives a crash of the service', async () => {
  const data = mkdtempSync(join(tmpdir(), 'countersign-crash-'))
  const log = { directory: join(data, 'tenants/dev'), origin: developmentOrigin, policy: null }
  const answered: string[] = []
  for (let run = 0; run < 3; run += 1) {
    const ids = await crashServiceRun({ data, clients: 8, lifetime: Math.random() * 200 })
    expect(ids.length).toBeGreaterThan(0)
    answered.push(...ids)
    const found = await checkAfterCrash(log, answered, ids)
    expect(found).toMatchObject({ lost: [], faults: [] })
  }
  rmSync(data, { recursive: true })
})
