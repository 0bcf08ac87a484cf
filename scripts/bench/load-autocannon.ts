// autocannon, where there is no wrk: slower itself, so that the figures are lower for everybody.

import { readFileSync } from 'node:fs'
import autocannon from 'autocannon'
import { connections, type Aim, type Load } from './load.ts'

type Counts = { permit: number; deny: number; hold: number; others: number; example: string }

export async function runAutocannon(aim: Aim, seconds: number): Promise<Load> {
  const { target, bodies } = aim
  const read = readFileSync(bodies, 'utf8').trimEnd().split('\n')
  const all = [...read.slice(aim.next), ...read.slice(0, aim.next)]
  const counts: Counts = { permit: 0, deny: 0, hold: 0, others: 0, example: '' }
  let first = 0
  const ended = await autocannon({
    url: target.url,
    method: 'POST',
    connections,
    duration: seconds,
    headers: {
      'content-type': 'application/json',
      ...(target.bearer === null ? {} : { authorization: `Bearer ${target.bearer}` }),
    },
    // Each connection has its own share of the questions.
    setupClient: (client) => {
      const share = all.filter((_, i) => i % connections === first)
      first += 1
      client.setRequests(share.map((body) => ({ body })))
    },
    verifyBody: (body) => count(String(body), counts),
  })
  return {
    ...counts,
    seconds: ended.duration,
    broken: ended.errors + ended.timeouts,
    p50Milliseconds: ended.latency.p50,
    p99Milliseconds: ended.latency.p99,
  }
}

/** True for a decision. */
function count(body: string, counts: Counts): boolean {
  const effect = /"effect":"(permit|deny|hold)"/.exec(body)?.[1]
  if (effect === 'permit' || effect === 'deny' || effect === 'hold') {
    counts[effect] += 1
    return true
  }
  counts.others += 1
  if (counts.example === '') counts.example = body.slice(0, 200)
  return false
}
