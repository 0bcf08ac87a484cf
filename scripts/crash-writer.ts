/**
 * The process that `crash.ts` kills: appends under load and prints the id of each acknowledged entry.
 *
 * An id is printed only after its promise has resolved, so whatever was printed must be in the log.
 * Arguments: `<directory> <clients> <segment bytes>`. It runs until it is killed; the input closing ends it.
 */
import { writeSync } from 'node:fs'
import { uuidv7 } from 'uuidv7'
import { openAuditLog } from '../service/adapter/audit-log/open-audit-log.ts'
import { sampleDraft } from './sample-draft.ts'

const [directory = '', clients = '16', segmentBytes = '262144'] = process.argv.slice(2)

const log = await openAuditLog({
  directory,
  origin: 'https://pdp.test/crash',
  algorithm: 'ES256',
  segmentBytes: Number(segmentBytes),
})
writeSync(1, 'open\n')
// The parent is gone: nobody would kill us any more.
process.stdin.resume().on('end', () => process.exit(1))

async function client(number: number): Promise<never> {
  for (let i = 0; ; i += 1) {
    const id = `dec_${uuidv7()}`
    const subject = `subject ${number} ${Math.floor(i / 10)}`
    await log.append(sampleDraft(id, `wf_${number}`, Math.floor(Date.now() / 1000), subject), null)
    // Synchronously: an id that waits in a buffer of ours when we are killed was acknowledged to nobody.
    writeSync(1, `${id}\n`)
  }
}

await Promise.all(Array.from({ length: Number(clients) }, (_, number) => client(number)))
