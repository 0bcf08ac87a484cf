/** Reads a tenant's witness policy (C2SP tlog-policy), and refuses one that its log can never meet. */
import { readFileSync } from 'node:fs'
import { hexOf, printVerifierKey, type NoteKey } from '../../audit/note-key.ts'
import { isQuorumMet, parseWitnessPolicy, type WitnessPolicy } from '../../audit/witness-policy.ts'
import { PdpError } from '../../contract/error-code.ts'
import { faultOfUrl } from '../outbound/fetch-bounded.ts'

/** @param key of the log. @throws PdpError `config_invalid`. */
export function readWitnessPolicy(path: string, internal: boolean, key: NoteKey): WitnessPolicy {
  const reading = parseWitnessPolicy(textOf(path))
  if (!reading.ok) throw invalid(path, reading.reason)
  const { policy } = reading
  const { logs, witnesses, quorum } = policy
  if (logs.length > 0 && !logs.some((log) => hexOf(log.id) === hexOf(key.id))) {
    throw invalid(path, `none of its logs is this one: add "log ${printVerifierKey(key)}"`)
  }
  for (const { name, url } of witnesses) {
    const fault = url === null ? null : faultOfUrl(url, internal)
    if (fault !== null) throw invalid(path, `the URL of the witness ${name}: ${fault}`)
  }
  const asked = witnesses.filter(({ url }) => url !== null).map(({ name }) => name)
  if (isQuorumMet(quorum, new Set(asked))) return policy
  throw invalid(path, 'its quorum needs witnesses that have no URL: write it behind their key')
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new PdpError('config_invalid', `${path} cannot be read: name the file of a policy.`, {
      cause,
    })
  }
}

function invalid(path: string, reason: string): PdpError {
  return new PdpError('config_invalid', `${path} is no usable policy of witnesses: ${reason}.`)
}
