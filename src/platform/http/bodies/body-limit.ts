import {
  applyDecorators,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  SetMetadata,
  UseInterceptors,
} from '@nestjs/common';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { BodyTooLarge } from '#kernel/errors/kernel.errors';
import { TAKES_LONG_BODY } from '../agent.decorators.js';
import { RouteRules } from '../route-rules.js';
import { BODY_BYTES_MAX, hasUnreadBody, readLongBody } from './json-body.js';

/** Room for 30,000 characters, each written as twelve bytes: `\ud83e\udd16` is one. */
export const LONG_TEXT_BYTES = 512 * 1024;

/** Takes bodies of more than 64 KiB. They are read when every guard has let the request through. */
export const BodyLimit = (bytesMax: number): MethodDecorator =>
  applyDecorators(SetMetadata(TAKES_LONG_BODY, true), UseInterceptors(new ReadsLongBody(bytesMax)));

class ReadsLongBody implements NestInterceptor {
  constructor(private readonly bytesMax: number) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    await readLongBody(context.switchToHttp().getRequest<Request>(), this.bytesMax);
    return next.handle();
  }
}

/** Refuses a long body where none is taken, after key and limit have been checked. */
@Injectable()
export class BodyGuard implements CanActivate {
  constructor(private readonly rules: RouteRules) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    if (hasUnreadBody(request) && !this.rules.of(context).takesLongBody)
      throw new BodyTooLarge(BODY_BYTES_MAX);
    return true;
  }
}
