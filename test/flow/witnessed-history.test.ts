/** What witnesses cosigned is kept one by one, never over another, and found again after a start. */
import { expect, it } from '@jest/globals'
import { limits } from '../../service/contract/limits.ts'
import { WitnessedHistory } from '../../service/flow/witnessed-history.ts'
import { MemoryPublication } from '../support/memory-publication.ts'

const line = (name: string): string => `— ${name} ${Buffer.alloc(72).toString('base64')}\n`
const alone = `pdp.test/acme\n1\nAAAA\n\n${line('pdp.test/acme')}`
const cosigned = (size: number): string =>
  `${alone.replace('\n1\n', `\n${String(size)}\n`)}${line('witness.test/one')}`
const pause = limits.witnessedSeconds * 1000

it('each is kept behind those before it, also after any number of them and a start', async () => {
  const publication = new MemoryPublication('pdp.test/acme')
  for (let at = 0; at < 40; at += 1) {
    const history = await WitnessedHistory.resume(publication)
    await history.keep(cosigned(at + 1), 0)
    const names = [...publication.files.keys()]
    expect(names).toEqual(Array.from({ length: at + 1 }, (_, i) => `witnessed/${String(i)}`))
    expect(Buffer.from(publication.files.get(`witnessed/${String(at)}`)!).toString()).toBe(
      cosigned(at + 1),
    )
  }
})

it('none is kept that nobody cosigned, nor one so soon after another', async () => {
  const publication = new MemoryPublication('pdp.test/acme')
  const history = await WitnessedHistory.resume(publication)
  await history.keep(alone, 0)
  expect(publication.files.size).toBe(0)
  await history.keep(cosigned(1), 0)
  await history.keep(cosigned(2), pause - 1)
  expect(publication.files.size).toBe(1)
  await history.keep(cosigned(3), pause)
  expect(publication.files.size).toBe(2)
})

it('one that could not be written is written again in its place', async () => {
  const publication = new MemoryPublication('pdp.test/acme')
  const history = await WitnessedHistory.resume(publication)
  publication.plan = (step, nth) => (step === 'write' && nth === 1 ? 'lost' : null)
  await expect(history.keep(cosigned(1), 0)).rejects.toThrow('write failed')
  await history.keep(cosigned(2), 1)
  expect([...publication.files.keys()]).toEqual(['witnessed/0'])
})
