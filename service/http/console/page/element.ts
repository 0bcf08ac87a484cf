/**
 * Elements of a page. Text is escaped by the renderer, and attributes are only text, numbers and truth: nothing here can hold
 * markup, a style or code.
 */
import { jsx, type JSXNode } from 'hono/jsx'

export type VNode = JSXNode
export type Child = VNode | string | number | null | readonly Child[]
export type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>
type Element = (attributes: Attributes, ...children: readonly Child[]) => VNode

function element(tag: string): Element {
  return (attributes, ...children) =>
    jsx(tag, { ...attributes }, ...(children as Parameters<typeof jsx>[2][]))
}

export const a = element('a')
export const body = element('body')
export const button = element('button')
export const code = element('code')
export const dd = element('dd')
export const del = element('del')
export const details = element('details')
export const div = element('div')
export const dl = element('dl')
export const dt = element('dt')
export const footer = element('footer')
export const form = element('form')
export const h1 = element('h1')
export const h2 = element('h2')
export const h3 = element('h3')
export const head = element('head')
export const header = element('header')
export const htmlElement = element('html')
export const img = element('img')
export const input = element('input')
export const label = element('label')
export const li = element('li')
export const link = element('link')
export const main = element('main')
export const mark = element('mark')
export const meta = element('meta')
export const nav = element('nav')
export const ol = element('ol')
export const p = element('p')
export const pre = element('pre')
export const script = element('script')
export const section = element('section')
export const span = element('span')
export const strong = element('strong')
export const summary = element('summary')
export const table = element('table')
export const tbody = element('tbody')
export const td = element('td')
export const textarea = element('textarea')
export const th = element('th')
export const thead = element('thead')
export const time = element('time')
export const title = element('title')
export const tr = element('tr')
export const ul = element('ul')
