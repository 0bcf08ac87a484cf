/**
 * What an auditor can check without trusting the PDP's word: the signature of each decision, by the
 * published keys, and that its record is still the same.
 */
import { hash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { compactVerify, createRemoteJWKSet } from 'jose'
import type { DecisionAnswer } from '../../service/contract/decision.ts'

/** @returns what is wrong with it; null for nothing. */
export type VerifyToken = (answer: DecisionAnswer) => Promise<string | null>

/** @param url of the PDP. */
export function createVerifier(url: string): VerifyToken {
  const keys = createRemoteJWKSet(new URL(`${url}/.well-known/jwks.json`))
  return async (answer) => {
    try {
      const { protectedHeader, payload } = await compactVerify(answer.token, keys)
      const leaf = JSON.parse(Buffer.from(payload).toString('utf8')) as Record<string, unknown>
      const { decision_id: id, effect, log, binding } = answer
      const stated = [
        protectedHeader.typ,
        leaf['jti'],
        leaf['effect'],
        leaf['index'],
        leaf['binding'],
      ]
      const answered = ['decision+jwt', id, effect, log.index, binding]
      return isDeepStrictEqual(stated, answered) && leafHashOf(answer.token) === log.leaf_hash
        ? null
        : 'the token says something else than the answer'
    } catch (error) {
      return `the token does not verify: ${error instanceof Error ? error.message : String(error)}`
    }
  }
}

/** The record of a decision, as the PDP gives it back. */
export async function fetchRecord(url: string, credential: string, id: string): Promise<unknown> {
  const response = await fetch(`${url}/v1/decisions/${id}`, {
    headers: { authorization: `Bearer ${credential}` },
  })
  if (response.status !== 200) throw new Error(`${id}: ${String(response.status)}`)
  return response.json()
}

/** RFC 6962: the hash of the leaf that the token is. */
function leafHashOf(token: string): string {
  return `sha256:${hash('sha256', Buffer.concat([Buffer.of(0), Buffer.from(token)]), 'hex')}`
}
