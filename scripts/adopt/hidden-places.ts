// Where a definition holds characters that do not show: the places that a reviewer must not trust the look of.

import { hasHiddenInside } from '../../service/decision/text-feature.ts'
import type { JsonObject } from '../../service/decision/json-value.ts'
import { quoted } from './shown.ts'

/** Members of the definition, as few as say where; a reader of the file finds the characters escaped. */
export function hiddenPlaces(definition: JsonObject): readonly string[] {
  return Object.entries(definition)
    .filter(([name, value]) => hasHiddenInside({ [name]: value }))
    .map(([name]) => quoted(name))
}
