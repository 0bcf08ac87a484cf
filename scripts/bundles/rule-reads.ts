// Which members of `input` a rule reads, itself or through helpers, found in OPA's syntax tree.
// `opa deps` would see all of `input` in `object.get(input, ["a", "b"], null)`, as this pack writes it.

import { pathOf, type RegoModule, type Term } from './rego-module.ts'

interface Scope {
  /** Rules by their names. */
  readonly rules: ReadonlyMap<string, readonly unknown[]>
  /** Imported names -> paths of packages. */
  readonly imports: ReadonlyMap<string, string>
}

export class RuleReads {
  /** By package path. */
  readonly #scopes: ReadonlyMap<string, Scope>

  constructor(modules: Iterable<RegoModule>) {
    const scopes = new Map<string, Scope>()
    for (const module of modules) {
      const path = pathOf(module.package.path)
      scopes.set(path, merged(scopes.get(path), scopeOf(module)))
    }
    this.#scopes = scopes
  }

  /** Paths with slashes, sorted. @param path of the package, with slashes */
  of(path: string, rule: string): readonly string[] {
    const found = new Set<string>()
    const seen = new Set<string>()
    const visit = (at: string, name: string): void => {
      const scope = this.#scopes.get(at)
      const clauses = scope?.rules.get(name)
      if (scope === undefined || clauses === undefined || seen.has(`${at} ${name}`)) return
      seen.add(`${at} ${name}`)
      for (const clause of clauses) {
        walk(clause, {
          input: (read) => found.add(read),
          name: (local) => {
            visit(at, local)
          },
          ref: (terms) => {
            const target = this.#targetOf(terms, scope)
            if (target !== null) visit(...target)
          },
        })
      }
    }
    visit(path, rule)
    return [...found].sort()
  }

  /** The package and the rule that a reference through an import, or from `data`, names. */
  #targetOf(terms: readonly Term[], { imports }: Scope): readonly [string, string] | null {
    const head = String(terms[0]?.value)
    const base = head === 'data' ? '' : imports.get(head)
    if (base === undefined) return null
    const names = [base, pathOf(terms)].filter((part) => part !== '').join('/').split('/')
    for (let cut = names.length - 1; cut > 0; cut -= 1) {
      const path = names.slice(0, cut).join('/')
      if (this.#scopes.has(path)) return [path, names[cut] ?? '']
    }
    return null
  }
}

function scopeOf({ imports = [], rules = [] }: RegoModule): Scope {
  const named = new Map<string, unknown[]>()
  for (const rule of rules) {
    const name = String(rule.head.ref[0]?.value)
    named.set(name, [...(named.get(name) ?? []), rule])
  }
  const paths = imports.flatMap(({ path, alias }) => {
    const terms = path.value as readonly Term[]
    const imported = pathOf(terms)
    if (terms[0]?.value !== 'data') return []
    return [[alias ?? imported.split('/').at(-1) ?? '', imported] as const]
  })
  return { rules: named, imports: new Map(paths) }
}

/** A package may stand in several files. */
function merged(before: Scope | undefined, next: Scope): Scope {
  if (before === undefined) return next
  const rules = new Map(before.rules)
  for (const [name, clauses] of next.rules) rules.set(name, [...(rules.get(name) ?? []), ...clauses])
  return { rules, imports: new Map([...before.imports, ...next.imports]) }
}

interface Found {
  readonly input: (path: string) => void
  readonly name: (local: string) => void
  readonly ref: (terms: readonly Term[]) => void
}

function walk(node: unknown, found: Found): void {
  if (Array.isArray(node)) {
    const got = objectGet(node as readonly unknown[])
    if (got === null) for (const part of node as readonly unknown[]) walk(part, found)
    else {
      found.input(got.path)
      walk(got.rest, found)
    }
  } else if (isNode(node)) {
    if (node['type'] === 'ref') reference(node['value'] as readonly Term[], found)
    else if (node['type'] === 'var') variable(String(node['value']), found)
    else for (const part of Object.values(node)) walk(part, found)
  }
}

function reference(terms: readonly Term[], found: Found): void {
  const [head, ...rest] = terms
  if (head?.type === 'var' && head.value === 'input') found.input(pathOf(terms))
  else if (head?.type === 'var') {
    variable(String(head.value), found)
    found.ref(terms)
  } else walk(head, found)
  // Indexes may be expressions themselves.
  walk(rest, found)
}

function variable(name: string, found: Found): void {
  if (name === 'input') found.input('')
  else found.name(name)
}

/** `object.get(input…, [constants], default)`: what it reads, and what else there is to look into. */
function objectGet(call: readonly unknown[]): { path: string; rest: unknown } | null {
  const [operator, object, key, ...rest] = call
  if (nameOf(operator) !== 'object.get' || !isNode(object) || !isNode(key)) return null
  const terms = object['type'] === 'ref' ? (object['value'] as readonly Term[]) : [object as unknown as Term]
  if (terms[0]?.value !== 'input' || terms.slice(1).some(({ type }) => type !== 'string')) return null
  const keys = key['type'] === 'array' ? (key['value'] as readonly Term[]) : [key as unknown as Term]
  const constant = keys.findIndex(({ type }) => type !== 'string')
  const read = constant === -1 ? keys : keys.slice(0, constant)
  const names = [...terms.slice(1), ...read].map(({ value }) => String(value))
  return { path: names.join('/'), rest: [keys.slice(read.length), rest] }
}

function nameOf(term: unknown): string {
  if (!isNode(term) || term['type'] !== 'ref') return ''
  return (term['value'] as readonly Term[]).map(({ value }) => String(value)).join('.')
}

function isNode(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
