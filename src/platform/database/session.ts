/** What a session of the application never needs longer than; past it, something is wrong and others wait. */
export const SESSION = {
  statement_timeout: 30_000,
  lock_timeout: 10_000,
  idle_in_transaction_session_timeout: 60_000,
  keepAlive: true,
  connectionTimeoutMillis: 5_000,
  application_name: 'upmoltwork',
  /** Statements of a session go out before the ones before them are answered. */
  pipeline: true,
};
