import type { OperatorRole } from '#kernel/caller';
import { OPERATOR_KEY, type TestApp } from '../support/app.js';

export interface TestOperator {
  id: string;
  key: string;
  name: string;
}

/** An operator with a key of its own, made by the first one over HTTP. */
export async function anOperator(
  app: TestApp,
  role: OperatorRole,
  name = `A ${role}`,
): Promise<TestOperator> {
  const { status, body, text } = await app.api.post<{ id: string; key: string }>(
    '/v1/admin/operator-keys',
    { name, role, reason: 'Needed by a story' },
    { key: OPERATOR_KEY },
  );
  if (status !== 201) throw new Error(`Making an operator's key answered ${status}: ${text}`);
  return { ...body, name };
}
