/** Says in words what ajv found: each fault points to the member to change and says what to change. */
import type { DefinedError, ErrorObject } from 'ajv/dist/2020.js'
import type { Fault } from './error-code.ts'
import { pointerTo } from './json-pointer.ts'

/** One error, or a union with what its branches said. */
type Complaint = {
  readonly schemaPath: string
  readonly instancePath: string
  readonly keyword: string
  readonly allowed?: unknown
  readonly faults: readonly Fault[]
}

/** The faults behind the errors of one validation, which ran with `verbose`. */
export function faultsOf(errors: readonly ErrorObject[]): readonly Fault[] {
  const open: Complaint[] = []
  for (const error of errors as readonly DefinedError[]) {
    if (error.keyword === 'anyOf') open.push(complaintOfUnion(error, takeBranches(error, open)))
    else open.push(complaintOf(error))
  }
  return open.flatMap((complaint) => complaint.faults)
}

/** ajv reports the errors of a union's branches just before the union's own. */
function takeBranches(union: ErrorObject, open: Complaint[]): readonly Complaint[] {
  let first = open.length
  while (open[first - 1]?.schemaPath.startsWith(`${union.schemaPath}/`) === true) first -= 1
  return open.splice(first)
}

function complaintOf(error: DefinedError): Complaint {
  const { schemaPath, instancePath, keyword } = error
  const complaint = { schemaPath, instancePath, keyword, faults: [faultOf(error)] }
  return keyword === 'const' ? { ...complaint, allowed: error.params.allowedValue } : complaint
}

function faultOf(error: DefinedError): Fault {
  const { instancePath: at } = error
  switch (error.keyword) {
    case 'required':
      return {
        pointer: pointerTo(at, error.params.missingProperty),
        reason: 'this member is missing: add it',
      }
    case 'additionalProperties':
      return {
        pointer: pointerTo(at, error.params.additionalProperty),
        reason: 'no member has this name: correct its spelling or remove it',
      }
    case 'const':
      return { pointer: at, reason: `must be ${JSON.stringify(error.params.allowedValue)}` }
    default:
      return { pointer: at, reason: error.message ?? `must satisfy ${error.keyword}` }
  }
}

function complaintOfUnion(union: ErrorObject, branches: readonly Complaint[]): Complaint {
  const { schemaPath, instancePath } = union
  const own = branches.filter((branch) => branch.instancePath === instancePath)
  const meant = branchMeant(union, branches)
  const values = own.flatMap((branch) =>
    'allowed' in branch ? [JSON.stringify(branch.allowed)] : [],
  )
  const reason =
    values.length === branches.length
      ? `must be one of ${values.join(', ')}`
      : `must be ${branchNames(union).join(' or ')}`
  const faults = meant ?? [{ pointer: instancePath, reason }]
  return { schemaPath, instancePath, keyword: 'anyOf', faults }
}

/** The faults of the one branch that the value's literals name, or whose type and required members it has; else null. */
function branchMeant(union: ErrorObject, branches: readonly Complaint[]): readonly Fault[] | null {
  const byBranch = Map.groupBy(branches, (branch) =>
    branch.schemaPath
      .slice(union.schemaPath.length + 1)
      .split('/', 1)
      .join(''),
  )
  const forms = [...byBranch.values()]
  const named = forms.filter((complaints) => !complaints.some(isOfAnotherName(union)))
  const meant =
    named.length === 1
      ? named
      : forms.filter((complaints) => !complaints.some(isOfAnotherForm(union)))
  return meant.length === 1 ? meant.flat().flatMap((complaint) => complaint.faults) : null
}

/** A literal member has another value: `scope` in a union by scope. */
function isOfAnotherName(union: ErrorObject): (complaint: Complaint) => boolean {
  return ({ instancePath, keyword }) =>
    keyword === 'const'
      ? instancePath.startsWith(union.instancePath)
      : keyword === 'type' && instancePath === union.instancePath
}

function isOfAnotherForm(union: ErrorObject): (complaint: Complaint) => boolean {
  return ({ instancePath, keyword }) =>
    instancePath === union.instancePath && ['type', 'required', 'const'].includes(keyword)
}

type Branch = {
  readonly type?: string
  readonly required?: readonly string[]
  readonly const?: unknown
}

function branchNames(union: ErrorObject): readonly string[] {
  return (union.schema as readonly Branch[]).map(({ type, required, const: value }) => {
    if (value !== undefined) return JSON.stringify(value)
    if (type === 'object' && required !== undefined) return `an object with ${required.join(', ')}`
    return type === undefined ? 'another value' : `of type ${type}`
  })
}
