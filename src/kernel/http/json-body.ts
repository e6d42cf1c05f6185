import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type NextFunction, type Request, type Response } from 'express';
import { MalformedJson } from '../errors/kernel.errors.js';
import { currentRequest, runInRequest } from '../observe/request-context.js';
import { DEPTH_MAX, isDeeper, TOO_DEEP } from './json-depth.js';

/** A result of 256 KiB, every character of it escaped, still fits. */
const BODY_MAX = '2mb';
/** Longer ones are rare, and their parsing costs more than their reading. */
const SHORT_MAX_BYTES = 65_536;

/**
 * Reads the body of a request that has one. Nearly all are short, of a known length and plain, and are read here, which
 * is cheaper; whatever else HTTP allows (chunks, compression, other charsets) is left to Express.
 */
export function readBody(request: Request, response: Response, next: NextFunction): void {
  if (isShortAndPlain(request)) readShort(request, next);
  else readAny(request, response, next);
}

function isShortAndPlain({ headers }: Request): boolean {
  return (
    (headers['content-type'] === 'application/json' || headers['content-type'] === PLAIN_UTF8) &&
    headers['content-encoding'] === undefined &&
    Number(headers['content-length']) <= SHORT_MAX_BYTES
  );
}

const PLAIN_UTF8 = 'application/json; charset=utf-8';

const UTF8 = new TextDecoder();

function readShort(request: Request, next: NextFunction): void {
  // The stream's events come from the socket, outside of the request's context.
  const context = currentRequest();
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const goOn = (): void => {
      let error: unknown;
      try {
        request.body = parsed(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
      } catch (thrown) {
        error = thrown;
      }
      next(error);
    };
    if (context) runInRequest(context, goOn);
    else goOn();
  });
}

function parsed(bytes: Buffer): object {
  if (isDeeper(bytes, DEPTH_MAX)) throw tooDeep();
  let value: unknown;
  try {
    // A decoder, because it takes off the byte order mark that some clients send and JSON does not know.
    value = JSON.parse(UTF8.decode(bytes));
  } catch {
    throw new MalformedJson();
  }
  // As Express reads it: a body is an object or a list.
  if (typeof value !== 'object' || value === null) throw new MalformedJson();
  return value;
}

/**
 * Whatever walks a body recurses, and a hundred thousand levels would end the stack of each in turn. The parser
 * of bodies dresses the error in fields of its own, so it is a plain one, which the filter knows by its type.
 */
function refuseDeep(_request: IncomingMessage, _response: ServerResponse, body: Buffer): void {
  if (isDeeper(body, DEPTH_MAX)) throw tooDeep();
}

const tooDeep = (): Error => Object.assign(new Error('too deep'), { type: TOO_DEEP });

const readAny = express.json({ limit: BODY_MAX, verify: refuseDeep });
