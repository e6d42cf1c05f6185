import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { promisify } from 'node:util';
import { gzip as gzipWithCallback } from 'node:zlib';
import { Settings } from '../../config/settings.js';
import { Clock } from '../../kernel/clock.js';
import { strongEtag } from '../../kernel/http/etag.js';
import { AssetShelf } from './asset-shelf.js';
import { Document, type Page } from './views/document.js';

const gzip = promisify(gzipWithCallback);
/** Beyond it a page gets little smaller, and costs twice as much. */
const GZIP_LEVEL = 4;

/** Scripts, styles and pictures of this server alone, nothing in the page itself, and no other page around it. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Turns a page into the answer. */
@Injectable()
export class PageAnswers {
  constructor(
    private readonly shelf: AssetShelf,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  async send(request: Request, response: Response, page: Page, status = 200): Promise<void> {
    const html = this.htmlOf(request, page);
    const isPacked = request.acceptsEncodings(['gzip', 'identity']) === 'gzip';
    response
      .status(status)
      .setHeader('Content-Type', 'text/html; charset=utf-8')
      .setHeader('Content-Security-Policy', PAGE_POLICY)
      .setHeader('Cache-Control', status === 200 ? 'no-cache' : 'no-store')
      .setHeader('Vary', 'Accept, Accept-Encoding');
    if (status === 200) response.setHeader('ETag', isPacked ? `W/${strongEtag(html)}` : strongEtag(html));
    // 304 before anything is packed.
    if (status === 200 && request.fresh) return void response.status(304).end();
    if (isPacked) response.setHeader('Content-Encoding', 'gzip');
    response.end(isPacked ? await gzip(html, { level: GZIP_LEVEL }) : html);
  }

  htmlOf(request: Request, page: Page): string {
    const around = {
      base: this.baseOf(request),
      asOf: `${this.clock.now().toISOString().slice(11, 16)} UTC`,
      css: this.shelf.href('app.css'),
      script: this.shelf.href('app.js'),
      font: this.shelf.href('inter.woff2'),
      icon: this.shelf.href('icon.svg'),
      picture: this.shelf.href('og.png'),
    };
    return `<!doctype html>${renderToStaticMarkup(createElement(Document, { page, around }))}`;
  }

  /** As the world knows this server; where nobody has said so, as this reader does. */
  baseOf(request: Request): string {
    const { PUBLIC_URL } = this.settings.env;
    if (PUBLIC_URL) return PUBLIC_URL.replace(/\/$/, '');
    const host = request.headers.host ?? '';
    return `${request.protocol}://${/^[\w.:[\]-]{1,255}$/.test(host) ? host : 'localhost'}`;
  }
}
