/** Prints one line a decision, verifies its token, and compares it with what the story expects. */
import type { DecisionAnswer } from '../../service/contract/decision.ts'
import type { Asked } from './pep/ask.ts'
import type { VerifyToken } from './evidence.ts'

export type Tally = {
  /** Every answer that reached the gateway, in order. */
  readonly answers: readonly DecisionAnswer[]
  readonly verified: number
  /** What was not as expected. */
  readonly faults: readonly string[]
}

export type Timeline = {
  /** For the gateways: sees each question and what became of it. */
  readonly observe: (asked: Asked) => void
  readonly title: (text: string) => void
  readonly note: (text: string) => void
  readonly fault: (text: string) => void
  /**
   * Ends a scene: prints what was decided since the last one.
   *
   * @param expected one `<phase> <capability> <effect> [<reason code>…]` a decision, in order; null when
   *   nobody can foresee them, and then they are not printed either. A dash as the effect means that
   *   no decision could be had.
   */
  readonly finish: (expected: readonly string[] | null) => Promise<readonly Asked[]>
  readonly tally: () => Tally
}

export function createTimeline(verify: VerifyToken, print: (line: string) => void): Timeline {
  let scene: Asked[] = []
  let verified = 0
  const answers: DecisionAnswer[] = []
  const faults: string[] = []
  const say = (before: string) => (text: string) => {
    print(before + text)
  }
  const fault = (text: string): void => {
    faults.push(text)
    say('        !! ')(text)
  }
  const check = async ({ ruling: { answer } }: Asked): Promise<void> => {
    if (answer === null) return
    answers.push(answer)
    const wrong = await verify(answer)
    if (wrong === null) verified += 1
    else fault(`${answer.decision_id}: ${wrong}`)
  }
  const finish: Timeline['finish'] = async (expected) => {
    const seen = scene
    scene = []
    for (const [i, asked] of seen.entries()) {
      if (expected !== null) print(lineOf(asked))
      if (expected !== null && !fulfils(asked, expected[i]))
        fault(`expected: ${expected[i] ?? '-'}`)
      await check(asked)
    }
    for (const missing of expected?.slice(seen.length) ?? []) fault(`not asked: ${missing}`)
    return seen
  }
  return {
    observe: (asked) => scene.push(asked),
    title: say('\n'),
    note: say('        '),
    fault,
    finish,
    tally: () => ({ answers: [...answers], verified, faults: [...faults] }),
  }
}

function lineOf(asked: Asked): string {
  const { phase, capability, effect, codes } = wordsOf(asked)
  const { answer } = asked.ruling
  const index = answer === null ? '' : `#${String(answer.log.index)}`
  const server = asked.query.server.id
  const obligations = answer?.obligations.map(({ type }) => `+${type}`) ?? []
  const hold =
    answer?.hold === undefined ? [] : [`(${answer.hold.kind}: ${answer.hold.group ?? '?'})`]
  const said = [...codes, ...hold, ...obligations].join(' ')
  const columns = [
    index.padStart(6),
    phase.padEnd(14),
    server.padEnd(10),
    capability.padEnd(32),
    effect.padEnd(6),
    said,
  ]
  return `  ${columns.join(' ').trimEnd()}`
}

type Words = {
  readonly phase: string
  readonly capability: string
  readonly effect: string
  readonly codes: readonly string[]
}

function wordsOf({ query, ruling }: Asked): Words {
  const { kind, name, uri } = query.capability
  const named = name ?? uri
  return {
    phase: query.phase,
    capability: named === undefined ? kind : `${kind}:${named}`,
    effect: ruling.answer?.effect ?? '-',
    codes: ruling.answer?.reasons.map(({ code }) => code) ?? [],
  }
}

/** A permit must have passed, obligations and all; of the reasons there may be more than are named. */
function fulfils(asked: Asked, expected = ''): boolean {
  const words = wordsOf(asked)
  const [phase, capability, effect, ...codes] = expected.split(' ')
  return (
    words.phase === phase &&
    words.capability === capability &&
    words.effect === effect &&
    codes.every((code) => words.codes.includes(code)) &&
    asked.ruling.pass === (effect === 'permit')
  )
}
