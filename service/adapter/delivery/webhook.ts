/** A signed webhook (Standard Webhooks 1.0): `webhook-id`, `webhook-timestamp`, `webhook-signature: v1,<HMAC-SHA-256>`. */
import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { approvalPage } from '../../approval/approval-page.ts'
import { noticeText } from '../../approval/notice-text.ts'
import type { ApprovalNotice } from '../../approval/notice.ts'
import type { WebhookDelivery } from '../../contract/delivery.ts'
import type { Notify } from './notifying-sink.ts'
import type { Site } from './site.ts'
import { post } from './post.ts'

const secretPrefix = 'whsec_'
const leastSecretBytes = 24

export function webhook(config: WebhookDelivery, site: Site): Notify {
  return async (notice, signal) => {
    const body = JSON.stringify(payloadOf(notice, site))
    const seconds = String(Math.floor(site.clock.now() / 1000))
    const key = await secretIn(config.secret_file)
    const mac = createHmac('sha256', key).update(`${notice.id}.${seconds}.${body}`)
    const headers = {
      'content-type': 'application/json',
      'webhook-id': notice.id,
      'webhook-timestamp': seconds,
      'webhook-signature': `v1,${mac.digest('base64')}`,
    }
    return String(await post(config, headers, Buffer.from(body), signal))
  }
}

function payloadOf({ event, at, verdict, approval, ...rest }: ApprovalNotice, site: Site): object {
  const { title, lines } = noticeText({ event, at, verdict, approval, ...rest })
  return {
    type: event,
    timestamp: instant(at),
    data: {
      tenant: site.tenant,
      ...(verdict === null ? {} : { verdict }),
      approval: {
        ...{ id: approval.id, ...approval.demand },
        ...{ decision_id: approval.decisionId, server: approval.server },
        ...{ capability: approval.capability, gateway: approval.pep },
        ...{ requested_at: instant(approval.requestedAt), expires_at: instant(approval.expiresAt) },
        url: approvalPage(site.publicUrl, site.tenant, approval.id),
      },
      text: [title, ...lines].join('\n'),
    },
  }
}

/** Read again each time, so that a secret that was renewed is used. */
async function secretIn(file: string): Promise<Uint8Array> {
  const text = (await readFile(file, 'utf8')).trim()
  const bytes = Buffer.from(text.replace(secretPrefix, ''), 'base64')
  if (!text.startsWith(secretPrefix) || bytes.length < leastSecretBytes)
    throw new Error(
      `${file} holds no webhook secret: write ${secretPrefix} and ${String(leastSecretBytes)} random bytes or more in base64`,
    )
  return bytes
}

function instant(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
