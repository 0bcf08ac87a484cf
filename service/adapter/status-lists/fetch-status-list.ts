/** Fetches a status list token, within bounds (draft-ietf-oauth-status-list-21, section 8.1). */
import { limits } from '../../contract/limits.ts'
import { fetchBounded, type TlsTrust } from '../outbound/fetch-bounded.ts'

export type ListReach = { readonly internal: boolean; readonly tls?: TlsTrust }
export type FetchList = (uri: string, reach: ListReach) => Promise<string>

const type = 'application/statuslist+jwt'

/** @throws Error that says what went wrong, within the bound on time. */
export const fetchStatusList: FetchList = async (uri, reach) => {
  const { status, header, bytes } = await fetchBounded({
    ...{ url: uri, ...reach, headers: { accept: type } },
    bounds: { milliseconds: limits.keySetMilliseconds, bytes: limits.statusListBytes },
  })
  if (status !== 200) throw new Error(`the server answered ${String(status)}`)
  const said = header('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  if (said !== type) throw new Error(`it is served as ${said ?? 'nothing'}, not as ${type}`)
  return Buffer.from(bytes).toString('latin1').trim()
}
