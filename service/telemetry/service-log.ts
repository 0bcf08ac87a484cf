/** The service log: what an operator must know, as JSON lines. It is not the audit log, and has no line per decision. */
import winston, { type Logger } from 'winston'

export function createServiceLog(options: { readonly silent?: boolean } = {}): Logger {
  const { combine, timestamp, json } = winston.format
  return winston.createLogger({
    level: 'info',
    silent: options.silent ?? false,
    format: combine(timestamp(), json()),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- winston's types name the stream class of another declaration
    transports: [new winston.transports.Stream({ stream: process.stderr })],
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
