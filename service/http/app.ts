/**
 * The HTTP application: Express over the table of routes, and the decision route dispatched ahead of
 * its router, to the same function.
 */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import express, { type Express } from 'express'
import { PdpError } from '../contract/error-code.ts'
import { consoleRoutes } from './console/routes.ts'
import { runConsoleRoute } from './console/run-route.ts'
import { sendProblem } from './exchange.ts'
import { report } from './report.ts'
import { decisionRoute } from './route/decisions.ts'
import { routes } from './routes.ts'
import type { Route, Service } from './service.ts'

/** A server that answers but does not yet listen. */
export function createHttpServer(listener: RequestListener): Server {
  const server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 30_000 }, listener)
  server.maxHeadersCount = 100
  return server
}

/** What answers every request, on every listener. */
export function listenerOf(service: Service): RequestListener {
  const app = createApp(service)
  return (request, response) => {
    // Node adds `connection: close` by itself for no one who keeps asking on an open connection.
    if (!service.accepting()) response.setHeader('connection', 'close')
    if (request.url === decisionRoute.path && request.method === 'POST') {
      run(decisionRoute, request, response, service, {})
    } else app(request, response)
  }
}

export function createApp(service: Service): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', false)
  for (const route of consoleRoutes) {
    app[route.method](route.path, (request, response) => {
      void runConsoleRoute(route, request, response, service, parametersOf(request.params))
    })
  }
  for (const route of routes) {
    app[route.method](route.path, (request, response) => {
      run(route, request, response, service, parametersOf(request.params))
    })
  }
  for (const path of new Set([...routes, ...consoleRoutes].map((route) => route.path))) {
    app.all(path, (request, response) => {
      refuseMethod(path, request, response)
    })
  }
  app.use((request: IncomingMessage, response: ServerResponse) => {
    sendProblem(
      request,
      response,
      new PdpError('not_found', 'There is no such route; see /openapi.json.'),
    )
  })
  app.use(
    (
      error: unknown,
      request: express.Request,
      response: express.Response,
      _next: express.NextFunction,
    ) => {
      // Express itself refuses a path that cannot be decoded.
      const refused =
        error instanceof URIError ? new PdpError('not_found', 'The path cannot be decoded.') : error
      report(refused, service)
      sendProblem(request, response, refused)
    },
  )
  return app
}

/** What a wildcard matched comes in parts. */
function parametersOf(given: Record<string, string | string[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, [value].flat().join('/')]),
  )
}

function run(
  route: Route,
  request: IncomingMessage,
  response: ServerResponse,
  service: Service,
  parameters: Readonly<Record<string, string>>,
): void {
  route.handler(request, response, service, parameters).catch((error: unknown) => {
    report(error, service)
    sendProblem(request, response, error)
  })
}

function refuseMethod(path: string, request: IncomingMessage, response: ServerResponse): void {
  const allowed = [...consoleRoutes, ...routes]
    .filter((route) => route.path === path)
    .map((route) => route.method.toUpperCase())
  const error = new PdpError('method_not_allowed', `Use ${allowed.join(' or ')}.`)
  sendProblem(request, response, error, { allow: allowed.join(', ') })
}
