// Gateways that ask again as soon as they are answered, over connections that stay open, each answer with its times.

import { Agent, request } from 'node:http'
import type { Target } from './contestant.ts'

/** Milliseconds of `performance.now()`. */
export type Answered = { readonly start: number; readonly end: number }

export type Asking = {
  readonly answered: () => readonly Answered[]
  /** Digest of the policy that gave the newest answer; empty before the first. */
  readonly policy: () => string
  /** Throws when one of them got something else than a decision. */
  readonly stop: () => Promise<void>
}

export function startAsking(target: Target, bodies: readonly string[], gateways: number): Asking {
  const agent = new Agent({ keepAlive: true, maxSockets: gateways })
  const answered: Answered[] = []
  let [policy, next, isOver] = ['', 0, false]
  const gateway = async (): Promise<void> => {
    while (!isOver) {
      const body = bodies[next++ % bodies.length] ?? ''
      const start = performance.now()
      const text = await ask(target, agent, body)
      answered.push({ start, end: performance.now() })
      policy = /"policy":\{[^}]*"digest":"([^"]+)"/u.exec(text)?.[1] ?? ''
      if (policy === '') throw new Error(`no decision: ${text.slice(0, 200)}`)
    }
  }
  const asking = Promise.all(Array.from({ length: gateways }, gateway))
  // It is thrown where somebody waits for it.
  asking.catch(() => undefined)
  return {
    answered: () => answered,
    policy: () => policy,
    stop: async () => {
      isOver = true
      await asking
      agent.destroy()
    },
  }
}

/** The text of the answer, whatever its status. */
export function ask(target: Target, agent: Agent, body: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    authorization: `Bearer ${target.bearer ?? ''}`,
  }
  const asked = request(target.url, { method: 'POST', agent, headers }, (response) => {
    let text = ''
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => (text += chunk))
    response.on('end', () => {
      resolve(text)
    })
    response.on('error', reject)
  })
  asked.on('error', reject)
  asked.end(body)
  return promise
}
