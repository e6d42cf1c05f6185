export { AuditLog } from './audit-log.js';
export { OperatorsReadMetrics } from './metrics-readers.js';
export { OperatorKeys } from './operator-keys.js';
export { CurrentOperator, Operator } from './operator.decorators.js';
export { OperatorGuard } from './operator.guard.js';
export { OperatorStrategy } from './operator.strategy.js';
export { OperatorsAdminController } from './operators.admin.controller.js';
export { ReasonedAct } from './operators.dto.js';
export { SchedulesAdminController } from './schedules.admin.controller.js';
