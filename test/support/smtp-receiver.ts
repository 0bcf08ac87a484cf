/** A real SMTP server that takes mail from whoever signs in, once the connection is encrypted. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'
import { alternativeNames } from '../adapter/policy-engine/builtin/x509/make-certificate.ts'
import { createRoot, domain, keyUsage } from './certificates.ts'

export type Mail = { readonly to: readonly string[]; readonly from: string; readonly text: string }

export type SmtpReceiver = {
  readonly port: number
  /** PEM file of its authority, and the file of the password of `countersign`. */
  readonly caFile: string
  readonly passwordFile: string
  readonly mails: readonly Mail[]
  readonly stop: () => Promise<void>
}

const user = 'countersign'
const password = 'a password of a test'

export async function startSmtpReceiver(): Promise<SmtpReceiver> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-smtp-'))
  const root = createRoot('Mail Authority')
  const { certificates, key } = root.leaf({
    extensions: [keyUsage.leaf, alternativeNames(domain('localhost'))],
  })
  const mails: Mail[] = []
  const server = new SMTPServer({
    ...{ cert: certificates, key, authMethods: ['PLAIN'] },
    onAuth: (given, _session, done) => {
      if (given.username === user && given.password === password) done(null, { user })
      else done(new Error('wrong password'))
    },
    onData: (stream, session, done) => {
      void text(stream).then((received) => {
        const { mailFrom, rcptTo } = session.envelope
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text: received,
        })
        done()
      })
    },
  })
  server.listen(0, 'localhost')
  await once(server.server, 'listening')
  const caFile = join(folder, 'ca.pem')
  const passwordFile = join(folder, 'password')
  writeFileSync(caFile, root.certificates)
  writeFileSync(passwordFile, `${password}\n`)
  return {
    port: (server.server.address() as AddressInfo).port,
    ...{ caFile, passwordFile, mails },
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve)
      }),
  }
}
