import { describe, expect, it } from '@jest/globals'
import { leadsElsewhere } from '../../service/statement/leads-elsewhere.ts'

describe('what leads where it says', () => {
  it.each([
    '/reports/q3.csv',
    '/hr/pay.csv',
    'file:///reports/2026/q3-final_v1.2~draft.pdf',
    'https://docs.example/a/b?x=1&y=2#top',
    'file:///reports/na%C3%AFve%20name.txt',
    'report',
    'a.b/..c/...',
    '/a/b/',
    '/a b',
    'urn:example:a',
  ])('%s', (text) => {
    expect(leadsElsewhere(text)).toBe(false)
  })
})

describe('what may lead elsewhere', () => {
  it.each([
    '/reports/../hr/pay.csv',
    '/reports/./x',
    '..',
    '/reports/..',
    '//hr/pay.csv',
    '/reports//hr',
    '/%68r/pay.csv',
    '/reports/%2e%2e/hr',
    '/reports/%252e%252e/hr',
    '/reports%2fhr',
    '/reports%5chr',
    '/finance/..;/hr/x',
    '/finance/a;b',
    '/reports/..%00',
    '/reports\\..\\hr',
    '/finance/.\t./hr/pay.csv',
    'file:///reports/.\n./etc/passwd',
    'file:////etc/passwd',
    '/reports/\u200b../x',
    '/reports/%zz',
    '/reports/%4',
    ' /a',
    '/a\u00a0b',
    '/a%1bb',
  ])('%j', (text) => {
    expect(leadsElsewhere(text)).toBe(true)
  })
})
