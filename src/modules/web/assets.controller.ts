import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { RouteNotFound } from '#kernel/errors/kernel.errors';
import { Public } from '#platform/http';
import { AssetShelf } from './asset-shelf.js';

/** An address names a version, so that what it answers never changes. */
const FOR_GOOD = 'public, max-age=31536000, immutable';
const A_DAY = 'public, max-age=86400';

@ApiExcludeController()
@Public()
@Controller()
export class AssetsController {
  constructor(private readonly shelf: AssetShelf) {}

  @Get('assets/:version/:name')
  one(@Req() request: Request<{ version: string; name: string }>, @Res() response: Response): void {
    const { version, name } = request.params;
    // Another version may be asked for while replicas are exchanged; it gets what there is, but does not keep it.
    this.answer(request, response, name, version === this.shelf.version ? FOR_GOOD : 'no-store');
  }

  /** Browsers ask for it by this name, whatever a page says. */
  @Get('favicon.ico')
  icon(@Req() request: Request, @Res() response: Response): void {
    this.answer(request, response, 'icon.svg', A_DAY);
  }

  private answer(request: Request, response: Response, name: string, keep: string): void {
    const asset = this.shelf.find(name);
    if (!asset) throw new RouteNotFound(request.method, request.path);
    const packed = request.acceptsEncodings(['gzip', 'identity']) === 'gzip' ? asset.gzipped : undefined;
    response.setHeader('Cache-Control', keep).setHeader('Vary', 'Accept-Encoding');
    if (packed) response.setHeader('Content-Encoding', 'gzip');
    response.setHeader('Content-Type', asset.type).end(packed ?? asset.body);
  }
}
