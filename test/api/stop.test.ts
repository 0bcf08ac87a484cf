/** A stop ends, whoever holds a connection open. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, it } from '@jest/globals'
import { startDevelopmentService } from '../support/development-service.ts'

it('a connection that never finishes its request does not hold up a stop', async () => {
  const service = await startDevelopmentService()
  const { hostname, port } = new URL(service.url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(
    'POST /v1/decisions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
  )
  const closed = new Promise((resolve) => socket.on('close', resolve))
  await service.stop()
  await closed
  expect(socket.destroyed).toBe(true)
})
