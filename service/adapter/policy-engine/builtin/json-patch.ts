/**
 * `json.patch` (OPA's v1/topdown/json.go): RFC 6902 over Rego values. In a set a member is its own key, so it is added
 * under itself, and a path leads through a set by its members.
 */
import {
  BuiltinError,
  type Builtins,
  compare,
  RegoObject,
  RegoSet,
  type RegoValue,
} from '../rego-value.ts'
import { listOperand, objectOperand, textOperand } from './operand.ts'

type Path = readonly RegoValue[]
/** Undefined: the document was removed. */
type Patched = RegoValue | undefined

export const jsonPatchBuiltins: Builtins = {
  'json.patch': (_context, document, operations) =>
    listOperand(operations).map(objectOperand).reduce<Patched>(applied, document),
}

function applied(document: Patched, operation: RegoObject): Patched {
  const path = pathOf(member(operation, 'path'))
  const op = textOperand(member(operation, 'op'))
  switch (op) {
    case 'add':
      return inserted(document, path, member(operation, 'value'))
    case 'remove':
      return removed(document, path)
    case 'replace':
      return inserted(removed(document, path), path, member(operation, 'value'))
    case 'move': {
      const from = pathOf(member(operation, 'from'))
      return inserted(removed(document, from), path, valueAt(document, from))
    }
    case 'copy':
      return inserted(document, path, valueAt(document, pathOf(member(operation, 'from'))))
    case 'test':
      if (compare(valueAt(document, path), member(operation, 'value')) === 0) return document
      throw new BuiltinError('the value is another one')
    default:
      throw new BuiltinError(`unrecognized op: '${op}'`)
  }
}

function member(operation: RegoObject, name: string): RegoValue {
  const value = operation.get(name)
  if (value === undefined) throw new BuiltinError(`missing required attribute '${name}'`)
  return value
}

/** A JSON pointer (RFC 6901), whose leading slashes may be any number; or a list of keys of any kind. */
function pathOf(value: RegoValue): Path {
  if (typeof value !== 'string') return listOperand(value)
  if (value === '') return []
  const names = value.replace(/^\/+/, '').split('/')
  return names.map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function valueAt(document: Patched, path: Path): RegoValue {
  return path.reduce(childOf, existing(document))
}

function inserted(document: Patched, path: Path, value: RegoValue): RegoValue {
  const [key, ...rest] = path
  if (key === undefined) return value
  const parent = existing(document)
  if (rest.length > 0) return withChild(parent, key, inserted(childOf(parent, key), rest, value))
  if (parent instanceof RegoObject) return new RegoObject([...parent.entries, [key, value]])
  if (parent instanceof RegoSet) {
    if (compare(key, value) !== 0) throw new BuiltinError('set key does not equal its value')
    return new RegoSet([...parent.members, value])
  }
  const list = listOperand(parent)
  return list.toSpliced(indexOf(list, key, list.length), 0, value)
}

function removed(document: Patched, path: Path): Patched {
  const [key, ...rest] = path
  if (key === undefined) {
    existing(document)
    return undefined
  }
  const parent = existing(document)
  const child = childOf(parent, key)
  if (rest.length > 0) return withChild(parent, key, existing(removed(child, rest)))
  if (parent instanceof RegoObject)
    return new RegoObject(parent.entries.filter(([name]) => compare(name, key) !== 0))
  if (parent instanceof RegoSet)
    return new RegoSet(parent.members.filter((value) => compare(value, key) !== 0))
  const list = listOperand(parent)
  return list.toSpliced(indexOf(list, key, list.length - 1), 1)
}

function childOf(parent: RegoValue, key: RegoValue): RegoValue {
  const child = lookUp(parent, key)
  if (child === undefined) throw new BuiltinError('path does not exist')
  return child
}

function lookUp(parent: RegoValue, key: RegoValue): Patched {
  if (parent instanceof RegoObject) return parent.get(key)
  if (parent instanceof RegoSet) return parent.has(key) ? key : undefined
  const list = listOperand(parent)
  return list[indexOf(list, key, list.length - 1)]
}

/** With another value for a key that is there. In a set, the member itself is another one then. */
function withChild(parent: RegoValue, key: RegoValue, child: RegoValue): RegoValue {
  if (parent instanceof RegoObject) return new RegoObject([...parent.entries, [key, child]])
  if (parent instanceof RegoSet)
    return new RegoSet([...parent.members.filter((value) => compare(value, key) !== 0), child])
  const list = listOperand(parent)
  return list.with(indexOf(list, key, list.length - 1), child)
}

function indexOf(list: readonly RegoValue[], key: RegoValue, last: number): number {
  const index = key === '-' ? list.length : typeof key === 'string' ? digits(key) : key
  if (typeof index === 'number' && Number.isInteger(index) && index >= 0 && index <= last)
    return index
  throw new BuiltinError('index out of bounds')
}

function digits(text: string): number {
  return /^(?:0|[1-9]\d*)$/.test(text) ? Number(text) : NaN
}

function existing(document: Patched): RegoValue {
  if (document === undefined) throw new BuiltinError('the document was removed')
  return document
}
