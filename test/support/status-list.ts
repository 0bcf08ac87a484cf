/** A status list of the tests: its places say valid, revoked, suspended, in that order. */
import { deflateSync } from 'node:zlib'
import type { FetchList } from '../../service/adapter/status-lists/fetch-status-list.ts'
import type { Issuer } from '../../service/contract/config.ts'
import { createTestIssuer, moment } from './issuer.ts'

const origin = 'https://status.example'
const uri = `${origin}/1`
const places = { valid: 0, revoked: 1, suspended: 2 } as const

/** The claim of a token whose place that is. */
export const statusClaim = (place: keyof typeof places, at = uri): object => ({
  status: { status_list: { idx: places[place], uri: at } },
})

/** What an issuer whose tokens name the list has in its entry. */
export const listed = { status: { origins: [origin], signed_by: origin } }

export type StatusList = { readonly issuer: Issuer; readonly fetch: FetchList }

export async function createStatusList(): Promise<StatusList> {
  const key = await createTestIssuer('ES256', 'status', 'statuslist+jwt')
  const lst = deflateSync(Buffer.of(0b10_01_00)).toString('base64url')
  return {
    issuer: {
      ...{ issuer: origin, kinds: ['status'], algorithms: ['ES256'] },
      keys: { inline: { keys: [key.jwk] } },
    },
    fetch: (asked) => key.sign({ sub: asked, iat: moment, status_list: { bits: 2, lst } }),
  }
}
