/** Who serves, who is the spare, who is set aside; over workers that are only names. */
import { expect, test } from '@jest/globals'
import { Crew } from '../../../service/adapter/policy-engine/crew.ts'
import type { WorkerThread } from '../../../service/adapter/policy-engine/worker-thread.ts'

type Fake = {
  readonly name: string
  load: number
  ended: string | null
  stopped: boolean
  isHeldBack: boolean
}
type Crewed = { readonly crew: Crew; readonly fakes: Fake[]; readonly named: () => string[] }

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const asWorker = (fake: Fake | undefined): WorkerThread => fake as unknown as WorkerThread

async function crewOf(workers: number): Promise<Crewed> {
  const fakes: Fake[] = []
  const crew: Crew = new Crew({
    workers,
    start: () => {
      const fake = {
        ...{ name: `w${fakes.length}`, load: 0, ended: null as string | null },
        ...{ stopped: false, isHeldBack: false },
        isFree: () => fake.load === 0,
        end: (cause: string) => {
          fake.ended = cause
          crew.lose(asWorker(fake))
        },
        stop: () => {
          fake.stopped = true
          return Promise.resolve()
        },
      }
      fakes.push(fake)
      return Promise.resolve(asWorker(fake))
    },
    events: {} as never,
    changed: () => undefined,
  })
  await crew.fill()
  await settled()
  const named = (): string[] => crew.serving.map((worker) => (worker as unknown as Fake).name)
  return { crew, fakes, named }
}

async function setAside({ crew, fakes }: Crewed, place: number): Promise<void> {
  const fake = fakes[place]
  if (fake !== undefined) fake.load = 1
  crew.setAside(asWorker(fake))
  await settled()
}

test('one more than serve is started, and takes over without a start', async () => {
  const crewed = await crewOf(2)
  expect(crewed.named()).toEqual(['w0', 'w1'])
  expect(crewed.crew.hasSpare()).toBe(true)
  crewed.crew.setAside(asWorker(crewed.fakes[0]))
  expect(crewed.named()).toEqual(['w1', 'w2'])
  expect(crewed.fakes).toHaveLength(3)
})

test('who was held back never serves again: another is started for it', async () => {
  const crewed = await crewOf(1)
  await setAside(crewed, 0)
  const [first] = crewed.fakes
  if (first === undefined) throw new Error('nobody was started')
  Object.assign(first, { load: 0, isHeldBack: true })
  crewed.crew.welcome(asWorker(first))
  await settled()
  expect(first.stopped).toBe(true)
  expect(crewed.crew.hasSpare()).toBe(true)
  expect(crewed.named()).toEqual(['w1'])
  expect(crewed.fakes.map(({ name }) => name)).toEqual(['w0', 'w1', 'w2'])
})

test('who is set aside is the spare when it is free, and not before', async () => {
  const crewed = await crewOf(1)
  await setAside(crewed, 0)
  const [first] = crewed.fakes
  crewed.crew.welcome(asWorker(first))
  expect(crewed.crew.hasSpare()).toBe(false)
  if (first !== undefined) first.load = 0
  crewed.crew.welcome(asWorker(first))
  expect(crewed.crew.hasSpare()).toBe(true)
  await settled()
  expect(crewed.fakes).toHaveLength(2)
})

test('of three slow evaluations the oldest ends before its limit, and somebody serves all the time', async () => {
  const crewed = await crewOf(1)
  for (const place of [0, 1, 2]) {
    await setAside(crewed, place)
    expect(crewed.named()).toHaveLength(1)
  }
  expect(crewed.fakes.slice(0, 3).map(({ ended }) => ended)).toEqual(['engine.timeout', null, null])
})

test('one who is lost is replaced by the spare at once, and the spare by a start', async () => {
  const crewed = await crewOf(1)
  crewed.crew.lose(asWorker(crewed.fakes[0]))
  expect(crewed.named()).toEqual(['w1'])
  await settled()
  expect(crewed.crew.hasSpare()).toBe(true)
})

test('those who come back to a full crew end', async () => {
  const crewed = await crewOf(1)
  await setAside(crewed, 0)
  await setAside(crewed, 1)
  for (const fake of crewed.fakes.slice(0, 2)) {
    fake.load = 0
    crewed.crew.welcome(asWorker(fake))
  }
  await settled()
  expect(crewed.fakes.filter(({ stopped }) => !stopped)).toHaveLength(2)
})
