// The first thing that is wrong with a log, and where. Thrown by the checks, shown by the command: it is an answer, not an
// error of the program.

export interface FaultPlace {
  /** What was being checked. */
  readonly check:
    | 'checkpoint'
    | 'note_key'
    | 'origin'
    | 'seen'
    | 'witness'
    | 'entries'
    | 'tile'
    | 'root'
    | 'leaf'
    | 'order'
    | 'key'
    | 'signature'
    | 'workflow'
    | 'reference'
    | 'consent'
    | 'grant'
    | 'disclosure'
  /** The leaf; null when it is not about one. */
  readonly index: number | null
  /** The file of the export, if it is about one. */
  readonly file: string | null
  readonly expected: string
  readonly found: string
}

export class LogFault extends Error {
  readonly place: FaultPlace

  constructor(place: Omit<FaultPlace, 'index' | 'file'> & Partial<FaultPlace>) {
    const { check, index = null, file = null, expected, found } = place
    const where = index === null ? (file ?? check) : `leaf ${String(index)}`
    super(`${where}: expected ${expected}; found ${found}`)
    this.name = 'LogFault'
    this.place = { check, index, file, expected, found }
  }
}
