/** Rules §7.4: so many of the platform's tasks an agent executes at a time, so that they are there for everybody. */
export const SYSTEM_TASKS_IN_HAND_MAX = 2;
