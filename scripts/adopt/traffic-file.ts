// Recorded traffic: policy inputs, or what gateways keep of the answers they got, whose inputs a running service has.

import { type Call, usage } from '../command/command.ts'
import { readGiven } from '../command/read-file.ts'
import { askService } from '../command/running-service.ts'
import { PolicyInput } from '../../service/contract/policy-input.ts'
import { compileChecker } from '../../service/contract/validate.ts'
import { plain } from './shown.ts'

export interface Traffic {
  readonly inputs: readonly PolicyInput[]
  /** Decisions whose input was erased. */
  readonly erased: number
}

type Line = { readonly at: string } & ({ readonly input: unknown } | { readonly id: string })

const what =
  'a file with one policy input (JSON), answer of the service (JSON) or decision id a line'
const mostBytes = 256 * 1024 * 1024
const mostAtOnce = 8
const decisionId = /^dec_[0-9a-f-]{36}$/u
const check = compileChecker(PolicyInput)

/** @throws PdpError `usage` that names the first line that is none, or that the service does not know. */
export async function readTraffic(call: Call, path: string): Promise<Traffic> {
  const bytes = readGiven(path, what)
  if (bytes.length > mostBytes) throw usage(`${path} is larger than 256 MiB: split it.`)
  const lines = Buffer.from(bytes)
    .toString('utf8')
    .split('\n')
    .flatMap((text, at) => lineOf(text.trim(), `${path}:${String(at + 1)}`))
  if (lines.length === 0) throw usage(`${path} is empty; name ${what}.`)
  const read: (PolicyInput | null)[] = []
  for (let from = 0; from < lines.length; from += mostAtOnce)
    read.push(
      ...(await Promise.all(
        lines.slice(from, from + mostAtOnce).map((line) => readLine(call, line)),
      )),
    )
  const inputs = read.filter((input) => input !== null)
  return { inputs, erased: read.length - inputs.length }
}

function lineOf(text: string, at: string): readonly Line[] {
  if (text === '') return []
  if (decisionId.test(text)) return [{ at, id: text }]
  const value = jsonOf(text)
  if (typeof value === 'object' && value !== null) {
    if ('question' in value) return [{ at, input: value }]
    const id = 'decision_id' in value ? value.decision_id : null
    if (typeof id === 'string' && decisionId.test(id)) return [{ at, id }]
  }
  throw usage(`${at} is no line of traffic: name ${what}.`)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Null: it was erased. */
async function readLine(call: Call, line: Line): Promise<PolicyInput | null> {
  if ('input' in line) return inputOf(line.input, line.at)
  const path = `/v1/decisions/${line.id}/input`
  const { input } = (await askService(call, 'GET', path)) as { readonly input: unknown }
  return input === null ? null : inputOf(input, line.at)
}

function inputOf(input: unknown, at: string): PolicyInput {
  const checked = check(input)
  if (checked.ok) return checked.value
  const [{ pointer, reason } = { pointer: '', reason: 'unknown' }] = checked.faults
  throw usage(
    `${at} is no policy input of this version (${plain(`${pointer}: ${reason}`)}): record it again, or take it out.`,
  )
}
