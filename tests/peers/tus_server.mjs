// The official tus server.  PORT FOLDER [HEADER VALUE]: a header that whoever embeds it may put on every answer.
// PORT 0 takes a free one; the first line is READY and the port.
import http from 'node:http'
import { FileStore } from '@tus/file-store'
import { Server } from '@tus/server'

const [port, directory, header, value] = process.argv.slice(2)
const tus = new Server({
  path: process.env.TUS_PATH || '/files',
  relativeLocation: true,
  datastore: new FileStore({ directory, expirationPeriodInMilliseconds: 86400000 }),
})
const server = http.createServer((request, response) => {
  if (header) response.setHeader(header, value)
  tus.handle(request, response)
})
server.listen(Number(port), '127.0.0.1', () => console.log('READY', server.address().port))
