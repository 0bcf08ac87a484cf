/** A JSON value as rows: one for each place that holds a text, a number, a truth, or nothing. */

export type Row = {
  /** `env`, `labels.team`, `hosts[2]`; the empty text for the value itself. */
  readonly place: string
  readonly value: unknown
  /** Against another value: null when nothing is compared. */
  readonly change: 'same' | 'changed' | 'added' | 'gone' | null
  /** What stood there, for `changed` and `gone`. */
  readonly before?: unknown
}

export function rowsOf(value: unknown): readonly Row[] {
  return leavesOf(value, '').map(([place, leaf]) => ({ place, value: leaf, change: null }))
}

/** Each place of either value, those of the first in its own order. */
export function rowsAgainst(value: unknown, before: unknown): readonly Row[] {
  const old = new Map(leavesOf(before, ''))
  const now = leavesOf(value, '')
  const places = new Set(now.map(([place]) => place))
  const rows = now.map(([place, leaf]): Row => {
    if (!old.has(place)) return { place, value: leaf, change: 'added' }
    const was = old.get(place)
    return was === leaf || JSON.stringify(was) === JSON.stringify(leaf)
      ? { place, value: leaf, change: 'same' }
      : { place, value: leaf, change: 'changed', before: was }
  })
  const gone = [...old]
    .filter(([place]) => !places.has(place))
    .map(([place, was]): Row => ({ place, value: undefined, change: 'gone', before: was }))
  return [...rows, ...gone]
}

function leavesOf(value: unknown, place: string): readonly (readonly [string, unknown])[] {
  if (Array.isArray(value) && value.length > 0)
    return value.flatMap((one, i) => leavesOf(one, `${place}[${String(i)}]`))
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const members = Object.entries(value)
    if (members.length > 0)
      return members.flatMap(([name, one]) => leavesOf(one, joined(place, name)))
  }
  return [[place, value]]
}

/** A name that could be taken for a path is quoted. */
function joined(place: string, name: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/u.test(name)) return `${place}[${JSON.stringify(name)}]`
  return place === '' ? name : `${place}.${name}`
}
