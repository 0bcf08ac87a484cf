import { describe, expect, it } from '@jest/globals'
import { parseProof, printProof, type TlogProof } from '../../service/audit/tlog-proof.ts'

const checkpoint =
  'example.com/log\n3\nBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=\n\n— example.com/log AAAAAAA=\n'
const hash = (value: number): Uint8Array => new Uint8Array(32).fill(value)
const proof: TlogProof = { extra: null, index: 2, proof: [hash(1), hash(2)], checkpoint }

describe('a tlog-proof', () => {
  it('is the lines of the specification', () => {
    expect(
      printProof({ ...proof, extra: Buffer.from('age') })
        .split('\n')
        .slice(0, 6),
    ).toEqual([
      'c2sp.org/tlog-proof@v1',
      'extra YWdl',
      'index 2',
      'AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=',
      'AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=',
      '',
    ])
  })

  it.each([
    ['of the first entry', { ...proof, index: 0 }],
    ['without hashes', { ...proof, index: 0, proof: [] }],
    ['with extra data', { ...proof, extra: new Uint8Array([1, 2, 3]) }],
  ])('%s is read as it was printed', (_, given) => {
    expect(parseProof(printProof(given))).toEqual(given)
  })

  const printed = printProof(proof)
  it.each([
    ['another version', printed.replace('@v1', '@v2')],
    ['no index', printed.replace('index 2\n', '')],
    ['a leading zero', printed.replace('index 2', 'index 02')],
    ['a negative index', printed.replace('index 2', 'index -1')],
    ['an index past 2^53', printed.replace('index 2', 'index 9007199254740993')],
    ['a hash that is too short', printed.replace('AQEB', '')],
    ['a line that is no hash', printed.replace('index 2\n', 'index 2\nhash\n')],
    ['extra data that is no base64', printed.replace('index 2', 'extra !\nindex 2')],
    ['extra data behind the index', printed.replace('index 2', 'index 2\nextra YWdl')],
    ['54 hashes', printProof({ ...proof, proof: Array.from({ length: 54 }, () => hash(1)) })],
    ['no checkpoint', printed.slice(0, printed.indexOf('\n\n'))],
    ['nothing', ''],
  ])('with %s is none', (_, broken) => {
    expect(parseProof(broken)).toBeNull()
  })
})
