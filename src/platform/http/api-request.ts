import type { Request } from 'express';
import type { Caller, OperatorIdentity } from '#kernel/caller';

export interface ApiRequest extends Request {
  requestId: string;
  caller?: Caller;
  operator?: OperatorIdentity;
}
