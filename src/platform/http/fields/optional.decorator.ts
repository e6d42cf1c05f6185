import { ValidateIf } from 'class-validator';

/** May be absent. Unlike class-validator's own, it does not let `null` through: null is not "absent". */
export const Optional = () => ValidateIf((_, value) => value !== undefined);

/** May be absent, or null where null means "none" or "remove". */
export const OptionalOrNull = () => ValidateIf((_, value) => value !== undefined && value !== null);
