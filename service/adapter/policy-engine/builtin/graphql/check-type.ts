/** One type of a schema: its members exist, are of kinds that may stand there, and are named once. */
import { checkArguments, inputKinds, kindNamed } from './check-arguments.ts'
import { checkDirectives, checkName, checkTypeDirectives } from './check-directives.ts'
import { checkImplements } from './check-implements.ts'
import { refuseIf } from './document-fault.ts'
import type { Checked, SchemaType } from './schema-types.ts'

export function checkType(type: SchemaType, checked: Checked): void {
  checkFields(type, checked)
  for (const name of type.members)
    refuseIf(checked.types.get(name)?.kind !== 'OBJECT', `${name} is no object type`)
  for (const name of type.interfaces) checkImplements(type, name, checked.types)
  checkEnumValues(type, checked)
  checkNotEmpty(type)
  checkOnce(type.fields.map(({ name }) => name.value))
  checkOnce(type.values.map(({ name }) => name.value))
  checkOnce(type.members)
  if (!type.isBuiltIn) checkName(type.name)
  checkTypeDirectives(type.directives, type.kind, checked)
}

function checkFields(type: SchemaType, checked: Checked): void {
  const isInput = type.kind === 'INPUT_OBJECT'
  for (const field of type.fields) {
    checkName(field.name.value)
    const kind = kindNamed(field.type, checked)
    const fits = isInput ? inputKinds.has(kind) : kind !== 'INPUT_OBJECT'
    refuseIf(!fits, `${field.name.value} may not be of such a type`)
    if ('arguments' in field) checkArguments(field.arguments, checked)
    const location = isInput ? 'INPUT_FIELD_DEFINITION' : 'FIELD_DEFINITION'
    checkDirectives(field.directives, location, checked)
  }
}

const notValues: ReadonlySet<string> = new Set(['true', 'false', 'null'])

function checkEnumValues({ values }: SchemaType, checked: Checked): void {
  for (const { name, directives } of values) {
    refuseIf(notValues.has(name.value), `${name.value} is no value of an enumeration`)
    checkDirectives(directives, 'ENUM_VALUE', checked)
  }
}

/** Unions may be empty in gqlparser, and scalars have nothing. */
function checkNotEmpty({ kind, name, isBuiltIn, fields, values }: SchemaType): void {
  if (isBuiltIn || kind === 'SCALAR' || kind === 'UNION') return
  refuseIf((kind === 'ENUM' ? values : fields).length === 0, `${name} is empty`)
}

function checkOnce(names: readonly string[]): void {
  refuseIf(new Set(names).size < names.length, 'a member is declared twice')
}
