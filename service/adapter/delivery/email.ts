/** E-mail by SMTP, to the addresses that the configuration names for the group that is asked. */
import { readFile } from 'node:fs/promises'
import { createTransport } from 'nodemailer'
import { approvalPage } from '../../approval/approval-page.ts'
import { noticeText } from '../../approval/notice-text.ts'
import type { EmailDelivery, NoticeEvent } from '../../contract/delivery.ts'
import { limits } from '../../contract/limits.ts'
import type { Notify } from './notifying-sink.ts'
import type { Site } from './site.ts'

/** What is worth a message: the rest shows on the page. */
const worthMail: ReadonlySet<NoticeEvent> = new Set(['approval.requested', 'approval.expired'])

export function email(config: EmailDelivery, { tenant, publicUrl }: Site): Notify {
  return async ({ id, ...notice }, signal) => {
    const { group } = notice.approval.demand
    const to = config.to[group] ?? config.to['*'] ?? []
    if (!worthMail.has(notice.event) || to.length === 0) return null
    const { title, lines } = noticeText({ id, ...notice })
    const page = approvalPage(publicUrl, tenant, notice.approval.id)
    const transport = createTransport(await connectionOf(config))
    const sent = transport.sendMail({
      ...{ from: config.from, to: [...to], subject: title },
      text: [title, '', ...lines, '', page, ''].join('\n'),
      // The same when it is sent again, so that a mailbox can drop the second.
      messageId: `<${id}@${new URL(publicUrl).hostname}>`,
      ...{ disableFileAccess: true, disableUrlAccess: true },
    })
    try {
      const { messageId } = await Promise.race([sent, ended(signal)])
      return messageId
    } finally {
      transport.close()
    }
  }
}

/** Rejects when the attempt is ended: the library would wait for the server. */
function ended(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => {
      reject(new Error('the service stops'))
    }
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}

async function connectionOf(config: EmailDelivery): Promise<object> {
  const { host, port, security, username, password_file: file, ca_file: caFile } = config
  const times = limits.deliveryMilliseconds
  return {
    ...{ host, port, secure: security === 'tls', requireTLS: security === 'starttls' },
    ignoreTLS: security === 'none',
    ...(username === undefined || file === undefined
      ? {}
      : { auth: { user: username, pass: (await readFile(file, 'utf8')).trim() } }),
    ...(caFile === undefined ? {} : { tls: { ca: await readFile(caFile, 'utf8') } }),
    ...{ connectionTimeout: times, greetingTimeout: times, socketTimeout: times },
  }
}
