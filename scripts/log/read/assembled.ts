// A value put together again from its fields.

type Fields = readonly (readonly [pointer: string, value: unknown])[]

/** Undefined without any. @throws TypeError when they are of no one value. */
export function assembled(fields: Fields): unknown {
  const root: Holder = { value: undefined }
  for (const [pointer, value] of fields) {
    const path = pointer.split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    // What stands before the first slash is the value itself.
    const names = ['value', ...path.slice(1)]
    const last = names.pop() ?? ''
    put(names.reduce(within, root), last, value)
  }
  return root['value']
}

type Holder = Record<string, unknown>

function within(holder: Holder, name: string): Holder {
  const known: unknown = Object.hasOwn(holder, name) ? holder[name] : undefined
  if (known === undefined) return put(holder, name, {}) as Holder
  if (typeof known === 'object' && known !== null) return known as Holder
  throw new TypeError('a field lies inside another that is no object')
}

/** A member of any name, `__proto__` too. */
function put(holder: Holder, name: string, value: unknown): unknown {
  if (name !== '__proto__') return (holder[name] = value)
  Object.defineProperty(holder, name, {
    ...{ value, enumerable: true, configurable: true, writable: true },
  })
  return value
}
