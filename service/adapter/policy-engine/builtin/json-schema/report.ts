/**
 * What does not match, as OPA lists it. The score tells which of several alternatives came nearest: its complaints are
 * listed.
 */
import type { RegoValue } from '../../rego-value.ts'
import type { Schema } from './schema.ts'

export type Complaint = {
  readonly type: string
  readonly field: string
  readonly desc: string
}

export class Report {
  readonly complaints: Complaint[] = []
  score = 0

  isValid(): boolean {
    return this.complaints.length === 0
  }

  add(type: string, place: Place, desc: string): void {
    this.complaints.push({ type, field: place.join('.'), desc })
    this.score -= 2
  }

  merge(other: Report): void {
    this.complaints.push(...other.complaints)
    this.score += other.score
  }

  /** One more step was taken. */
  count(): void {
    this.score += 1
  }
}

/** What the keywords of one schema are held against. */
export type Step = {
  readonly report: Report
  readonly schema: Schema
  readonly place: Place
  readonly validate: (schema: Schema, value: RegoValue, place: Place) => Report
}

/** Names and indexes from the root. */
export type Place = readonly string[]

/** The root has a name only when nothing else has. */
export function fieldOf(complaint: Complaint): string {
  return complaint.field === '' ? '(Root)' : complaint.field
}

/** The best of those that failed. */
export function nearest(reports: readonly Report[]): Report | undefined {
  return reports.reduce<Report | undefined>(
    (best, report) => (best === undefined || report.score > best.score ? report : best),
    undefined,
  )
}
