/** An incoming webhook as Slack has them (also Mattermost, Discord's `/slack`): `{"text": …}` in Slack's markup. */
import { readFile } from 'node:fs/promises'
import { approvalPage } from '../../approval/approval-page.ts'
import { noticeText } from '../../approval/notice-text.ts'
import type { SlackDelivery } from '../../contract/delivery.ts'
import type { Notify } from './notifying-sink.ts'
import { post } from './post.ts'
import type { Site } from './site.ts'

export function slack(config: SlackDelivery, { tenant, publicUrl }: Site): Notify {
  return async (notice, signal) => {
    const { title, lines } = noticeText(notice)
    const page = approvalPage(publicUrl, tenant, notice.approval.id)
    const text = [`*<${page}|${escaped(title)}>*`, ...lines.map(escaped)].join('\n')
    // Whoever knows the URL may post: it lies in a file, and is read again each time.
    const url = (await readFile(config.url_file, 'utf8')).trim()
    const headers = { 'content-type': 'application/json' }
    const body = Buffer.from(JSON.stringify({ text }))
    return String(await post({ ...config, url }, headers, body, signal))
  }
}

/** Slack's three control characters; the marks are left alone by a blank that has no width of its own. */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[*_~`|]/gu, (mark) => `\u200B${mark}`)
}
