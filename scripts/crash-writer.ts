/**
 * The process that `crash.ts` kills: appends under load, publishes without a pause, has each checkpoint cosigned, and prints
 * the id of each acknowledged entry.
 *
 * An id is printed only after its promise has resolved, so whatever was printed must be in the log.
 * Arguments: `<directory> <origin> <clients> <segment bytes> [<witness policy>]`. It runs until it is killed; the input
 * closing ends it.
 */
import { hash } from 'node:crypto'
import { writeSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { uuidv7 } from 'uuidv7'
import { openAuditLog } from '../service/adapter/audit-log/open-audit-log.ts'
import { publisherOf } from './crash-publisher.ts'
import { sampleDraft } from './sample-draft.ts'

const [directory = '', origin = '', clients = '16', segmentBytes = '262144', policy] =
  process.argv.slice(2)

const log = await openAuditLog({
  directory,
  origin,
  algorithm: 'ES256',
  segmentBytes: Number(segmentBytes),
})
const publisher = await publisherOf(log, policy ?? null)
writeSync(1, 'open\n')
// The parent is gone: nobody would kill us any more.
process.stdin.resume().on('end', () => process.exit(1))

async function client(number: number): Promise<never> {
  for (let i = 0; ; i += 1) {
    const id = `dec_${uuidv7()}`
    const subject = `hmac:${hash('sha256', `${number} ${Math.floor(i / 10)}`)}`
    await log.append(sampleDraft(id, `wf_${number}`, Math.floor(Date.now() / 1000), subject), null)
    // Synchronously: an id that waits in a buffer of ours when we are killed was acknowledged to nobody.
    writeSync(1, `${id}\n`)
  }
}

/** Far more often than a service does: so that most kills fall into a publication. */
async function publishing(): Promise<never> {
  for (;;) {
    await publisher.publish()
    if (publisher.failure !== null) throw new Error(publisher.failure)
    await setImmediate()
  }
}

await Promise.all([
  publishing(),
  ...Array.from({ length: Number(clients) }, (_, number) => client(number)),
])
