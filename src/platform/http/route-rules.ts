import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import {
  OPERATOR_ROUTE,
  OPENS_REPLAY,
  PUBLIC,
  SUSPENDED_TOO,
  TAKES_LONG_BODY,
  UNLIMITED,
  VERIFIED_ONLY,
} from './agent.decorators.js';

/** What a route asks of its caller. */
export interface Rules {
  public: boolean;
  verifiedOnly: boolean;
  suspendedToo: boolean;
  opensReplay: boolean;
  operator: boolean;
  unlimited: boolean;
  takesLongBody: boolean;
}

/** Reads the decorators of each route once: metadata look-ups on every request would cost more than the guards. */
@Injectable()
export class RouteRules {
  private readonly known = new WeakMap<object, WeakMap<object, Rules>>();

  constructor(private readonly reflector: Reflector) {}

  of(context: ExecutionContext): Rules {
    const controller = context.getClass();
    const handler = context.getHandler();
    let ofController = this.known.get(controller);
    if (!ofController) this.known.set(controller, (ofController = new WeakMap()));
    let rules = ofController.get(handler);
    if (!rules) ofController.set(handler, (rules = this.read(context)));
    return rules;
  }

  private read(context: ExecutionContext): Rules {
    const targets = [context.getHandler(), context.getClass()];
    const has = (key: string): boolean => this.reflector.getAllAndOverride(key, targets) !== undefined;
    return {
      public: has(PUBLIC),
      verifiedOnly: has(VERIFIED_ONLY),
      suspendedToo: has(SUSPENDED_TOO),
      opensReplay: has(OPENS_REPLAY),
      operator: has(OPERATOR_ROUTE),
      unlimited: has(UNLIMITED),
      takesLongBody: has(TAKES_LONG_BODY),
    };
  }
}
