export class WebhookSecretRotated {
  /**
   * The new secret; shown once.
   * @example whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD
   */
  webhook_secret: string;
  /**
   * Until then both secrets sign; null if the old one is already void.
   * @example 2026-03-13T18:00:00.000Z
   */
  overlap_ends_at: string | null;
}

export class WebhookSecretActivated {
  /**
   * Since then only the new secret signs.
   * @example 2026-03-12T19:00:00.000Z
   */
  activated_at: string;
}
