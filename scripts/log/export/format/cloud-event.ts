// An entry as a CloudEvent (CloudEvents 1.0.2, JSON format): the envelope that event routers read, round the leaf.

import type { ExportedEntry } from './exported-entry.ts'

/** Digits that hold any index, so that texts sort as numbers do (extension `sequence`). */
const digits = 16

export function cloudEvent({ leaf, token, leafHash, disclosed }: ExportedEntry): object {
  return {
    specversion: '1.0',
    id: leaf.jti,
    source: `/logs/${leaf.iss}`,
    type: `countersign.${leaf.kind}.v1`,
    ...(leaf.workflow === undefined ? {} : { subject: leaf.workflow.id }),
    time: new Date(leaf.iat * 1000).toISOString(),
    datacontenttype: 'application/json',
    sequence: String(leaf.index).padStart(digits, '0'),
    data: { leaf, token, leaf_hash: leafHash, disclosed },
  }
}
