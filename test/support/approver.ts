/** People who answer what was held, each by a token of the tenant's own issuer. */
import type { JWTPayload } from 'jose'
import { development } from '../../service/adapter/development/development-tenant.ts'
import { mintAccessToken } from '../../service/adapter/development/mint.ts'
import type { DevelopmentService, Reply } from './development-service.ts'

export type Answer = {
  readonly verdict?: 'approve' | 'deny' | 'comment'
  /** Left out: that of the approval as it is shown. */
  readonly shown?: string
  readonly groups?: readonly string[]
  readonly claims?: JWTPayload
  readonly comment?: string
}

/** An access token of that person for the tenant itself. */
export function approverToken(
  { keys }: DevelopmentService,
  sub: string,
  { groups = ['release-managers'], claims = {} }: Answer = {},
): Promise<string> {
  const person = { sub, groups, client: 'https://console.dev.countersign.test' }
  return mintAccessToken(keys, person, development.audience, claims)
}

export async function answer(
  service: DevelopmentService,
  id: string,
  sub: string,
  given: Answer = {},
): Promise<Reply> {
  const { body } = await service.get(`/v1/approvals/${id}`)
  const { shown_digest } = body['approval'] as { readonly shown_digest: string }
  return service.post(`/v1/approvals/${id}/votes`, {
    voter: { access_token: await approverToken(service, sub, given) },
    verdict: given.verdict ?? 'approve',
    shown_digest: given.shown ?? shown_digest,
    ...(given.comment === undefined ? {} : { comment: given.comment }),
  })
}
