import express from 'express';
import type { AddressInfo } from 'node:net';

/** The least that an HTTP API with this framework costs: a bare handler that answers the body it is given. */
const body = JSON.parse(process.env['BODY'] ?? '{}') as object;
const app = express().disable('x-powered-by');
app.get('/', (_request, response) => void response.json(body));
app.post('/{*path}', express.json(), (_request, response) => void response.status(201).json(body));
const server = app.listen(0, '127.0.0.1', () => {
  console.log(`listening on ${(server.address() as AddressInfo).port}`);
});
