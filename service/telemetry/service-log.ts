/** The service log: what an operator must know, as JSON lines. It is not the audit log, and has no line per decision. */
import { createLogger, format, transports, type Logger } from 'winston'

export function createServiceLog(): Logger {
  return createLogger({
    level: 'info',
    format: format.combine(format.timestamp(), format.json()),
    transports: [new transports.Console({ stderrLevels: ['error', 'warn', 'info'] })],
  })
}

/** What of an error an operator needs; the chain of causes, and no request content. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error }
  return {
    error: error.message,
    name: error.name,
    ...('code' in error ? { code: error.code } : {}),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  }
}
