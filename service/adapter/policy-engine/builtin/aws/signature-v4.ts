/** AWS Signature Version 4 (the IAM user guide, "Create a signed AWS API request"), in a header. */
import { createHash, createHmac } from 'node:crypto'
import type { GoUrl } from '../go-url.ts'

export type SignedRequest = {
  readonly method: string
  readonly url: Pick<GoUrl, 'host' | 'path' | 'query'>
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

export type Signer = {
  readonly accessKey: string
  readonly secretKey: string
  readonly region: string
  readonly service: string
  /** Empty: the credentials are permanent ones. */
  readonly sessionToken: string
  readonly signsPayload: boolean
}

/** Proxies change these on the way. */
const unsigned = ['authorization', 'user-agent', 'x-amzn-trace-id']

/** @param at the time of signing @returns the headers to add */
export function signV4(request: SignedRequest, signer: Signer, at: Date): Map<string, string> {
  const stamp = at.toISOString().replace(/[-:]|\.\d+/g, '')
  const payload = signer.signsPayload ? sha256(request.body) : 'UNSIGNED-PAYLOAD'
  const added = addedHeaders(request, signer, { stamp, payload })
  const headers = new Map(added)
  for (const [name, value] of request.headers)
    if (!unsigned.includes(name.toLowerCase())) headers.set(name.toLowerCase(), value)
  const names = [...headers.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  const canonical = [
    request.method,
    request.url.path.written,
    request.url.query,
    ...names.map((name) => `${name}:${headers.get(name) ?? ''}`),
    '',
    names.join(';'),
    payload,
  ].join('\n')
  const scope = [stamp.slice(0, 8), signer.region, signer.service, 'aws4_request']
  const signed = ['AWS4-HMAC-SHA256', stamp, scope.join('/'), sha256(canonical)].join('\n')
  const signature = hmac(signingKey(signer.secretKey, scope), signed).toString('hex')
  const authorization = [
    `AWS4-HMAC-SHA256 Credential=${[signer.accessKey, ...scope].join('/')}`,
    `SignedHeaders=${names.join(';')}`,
    `Signature=${signature}`,
  ]
  return new Map([['Authorization', authorization.join(',')], ...added])
}

type Said = { readonly stamp: string; readonly payload: string }

/** S3 and Glacier want the hash of the payload in a header of its own. */
function addedHeaders(
  { url }: SignedRequest,
  { service, sessionToken }: Signer,
  { stamp, payload }: Said,
): ReadonlyMap<string, string> {
  const headers = new Map([
    ['host', url.host],
    ['x-amz-date', stamp],
  ])
  if (service === 's3' || service === 'glacier') headers.set('x-amz-content-sha256', payload)
  if (sessionToken !== '') headers.set('x-amz-security-token', sessionToken)
  return headers
}

function signingKey(secret: string, scope: readonly string[]): Buffer {
  return scope.reduce(hmac, Buffer.from(`AWS4${secret}`))
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
