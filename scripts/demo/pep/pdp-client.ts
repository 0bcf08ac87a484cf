/**
 * Asks the PDP. Whatever goes wrong (refused connection, time-out, any status but 200, a body that
 * cannot be read) is the absence of a decision, which the caller must treat as a denial.
 */
import type { DecisionAnswer } from '../../../service/contract/decision.ts'
import type { Outcome } from '../../../service/contract/outcome.ts'
import type { Query } from '../../../service/contract/query.ts'

export type PdpClient = {
  /** The decision; null when there is none. */
  readonly decide: (query: Query) => Promise<DecisionAnswer | null>
  /** Tells what was then done. Not to be able to tell changes nothing of what was done. */
  readonly report: (decisionId: string, outcome: Outcome) => Promise<void>
}

export type PdpSettings = {
  readonly url: string
  /** The gateway's own credential. */
  readonly credential: () => Promise<string>
  readonly milliseconds: number
}

export function createPdpClient(settings: PdpSettings): PdpClient {
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const response = await fetch(`${settings.url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await settings.credential()}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(settings.milliseconds),
    })
    if (response.status !== 200)
      throw new Error(`${path}: ${String(response.status)} ${await response.text()}`)
    return response.json()
  }
  return {
    decide: async (query) => {
      try {
        const answer = (await post('/v1/decisions', query)) as DecisionAnswer
        return typeof answer.decision_id === 'string' ? answer : null
      } catch {
        return null
      }
    },
    report: async (decisionId, outcome) => {
      await post(`/v1/decisions/${decisionId}/outcome`, outcome).catch(() => undefined)
    },
  }
}
