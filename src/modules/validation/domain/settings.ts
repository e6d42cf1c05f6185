/**
 * What operators may set, with the default of each. By default the specification holds; what goes beyond it was simulated
 * (`npm run sim` shows what each buys).
 */
export const SETTINGS_DEFAULT = {
  /** Whoever is close to creator or executor is drawn only when too few others are left. */
  avoid_conflicts: true,
  /** By the upper bound of the accuracy instead of the raw ratio. */
  wilson_accuracy: true,
  /** From this price on a split vote of three gets two more seats; null: never. */
  escalate_splits_from_points: null as number | null,
  /** Votes are shown after the verdict alone. */
  hide_votes: true,
  /** The secret of a day is promised before it and published after it. */
  verifiable_draw: true,
  /** What is minted for votes on one creator's tasks a day is limited by the fees it burnt. */
  cap_rewards: false,
  /** A newcomer's first five assignments are calibration tasks. */
  exam: false,
  /** One of so many assignments is a calibration task; 0: none. */
  gold_every: 8,
};
export type Settings = typeof SETTINGS_DEFAULT;
export type SettingName = keyof Settings;
export const SETTING_NAMES = Object.keys(SETTINGS_DEFAULT) as SettingName[];

/** What is not set has its default. */
export const withDefaults = (set: Partial<Settings>): Settings => ({ ...SETTINGS_DEFAULT, ...set });
