// A value as OPA's JSON writes its terms, as text and as a difference of two.

import { isDeepStrictEqual } from 'node:util'
import type { Term } from '../bundles/rego-module.ts'

type Pairs = readonly (readonly [Term, Term])[]

/** Null for a term that is no value yet: a reference, a call, a variable that is not bound. */
export function valueOf(term: Term, bound: ReadonlyMap<string, Term>): Term | null {
  const { type, value } = term
  if (type === 'var') {
    const found = bound.get(String(value))
    return found === undefined || found.type === 'var' ? null : valueOf(found, bound)
  }
  if (type === 'object') {
    const pairs = (value as Pairs).map((pair) => pair.map((one) => valueOf(one, bound)))
    return pairs.flat().includes(null) ? null : { type, value: pairs }
  }
  if (type === 'array' || type === 'set') {
    const items = itemsOf(term).map((one) => valueOf(one, bound))
    return items.includes(null) ? null : { type, value: items }
  }
  return ['string', 'number', 'boolean', 'null'].includes(type) ? term : null
}

/** As Rego writes it. */
export function textOf(term: Term): string {
  const { type, value } = term
  if (type === 'object') {
    const pairs = (value as Pairs).map(([name, one]) => `${textOf(name)}: ${textOf(one)}`)
    return `{${pairs.join(', ')}}`
  }
  if (type === 'array') return `[${itemsOf(term).map(textOf).join(', ')}]`
  if (type === 'set') {
    const items = itemsOf(term).map(textOf)
    return items.length === 0 ? 'set()' : `{${items.join(', ')}}`
  }
  return JSON.stringify(value)
}

/** One line for each place that differs: what was wanted there (`-`), and what came (`+`). */
export function differenceOfValues(wanted: Term, got: Term, at = ''): readonly string[] {
  if (isDeepStrictEqual(wanted, got)) return []
  if (wanted.type === got.type) {
    if (got.type === 'object') return differenceOfObjects(wanted, got, at)
    if (got.type === 'set') return differenceOfSets(wanted, got, at)
  }
  return [line(at, [wanted], [got])]
}

function differenceOfObjects(wanted: Term, got: Term, at: string): readonly string[] {
  const [want, came] = [membersOf(wanted), membersOf(got)]
  return [...new Set([...want.keys(), ...came.keys()])].flatMap((name) => {
    const [one, other] = [want.get(name), came.get(name)]
    const place = at === '' ? name : `${at}/${name}`
    if (one !== undefined && other !== undefined) return differenceOfValues(one, other, place)
    return [line(place, listOf(one), listOf(other))]
  })
}

/** Members that one of them lacks; where each lacks a single one of the same code, how those two differ. */
function differenceOfSets(wanted: Term, got: Term, at: string): readonly string[] {
  const missing = lacking(got, wanted)
  const surplus = lacking(wanted, got)
  const [one, other] = [missing[0], surplus[0]]
  if (missing.length !== 1 || surplus.length !== 1 || one === undefined || other === undefined)
    return [line(at, missing, surplus)]
  const code = codeOf(one)
  if (code === null || code !== codeOf(other)) return [line(at, missing, surplus)]
  return differenceOfValues(one, other, at === '' ? code : `${at}/${code}`)
}

function lacking(from: Term, of: Term): readonly Term[] {
  const there = new Set(itemsOf(from).map(textOf))
  return itemsOf(of).filter((one) => !there.has(textOf(one)))
}

function codeOf(finding: Term): string | null {
  const code = finding.type === 'object' ? membersOf(finding).get('code') : undefined
  return code?.type === 'string' ? String(code.value) : null
}

function membersOf({ value }: Term): ReadonlyMap<string, Term> {
  return new Map((value as Pairs).map(([name, one]) => [nameOf(name), one]))
}

function nameOf(name: Term): string {
  return name.type === 'string' ? String(name.value) : textOf(name)
}

function itemsOf({ value }: Term): readonly Term[] {
  return value as readonly Term[]
}

function listOf(term: Term | undefined): readonly Term[] {
  return term === undefined ? [] : [term]
}

function line(at: string, missing: readonly Term[], surplus: readonly Term[]): string {
  return [
    ...(at === '' ? [] : [at]),
    ...missing.map((one) => `- ${textOf(one)}`),
    ...surplus.map((one) => `+ ${textOf(one)}`),
  ].join('  ')
}
