/** A card as the model knows it. */
export interface OracleCard {
  id: string;
  uid: string;
  accessPoints: string[];
  /** Wall time, ms; undefined is always. */
  period: { from: number; until: number } | undefined;
  usesLeft: number | null;
  suspended: boolean;
}

/** Whether the card may open at `at`, by a clock that is right. */
export function mayOpen(card: OracleCard | undefined, accessPoint: string, at: number): boolean {
  if (!card || card.suspended || card.usesLeft === 0 || !card.accessPoints.includes(accessPoint)) {
    return false;
  }
  return card.period === undefined || (at >= card.period.from && at < card.period.until);
}

/** Whether the card opens whatever the clock says. */
export function mustOpen(card: OracleCard | undefined): boolean {
  return card !== undefined && !card.suspended && card.usesLeft !== 0 && card.period === undefined;
}

/** What a swipe of the card asks for. */
export function swipeAsks({ accessPoints }: OracleCard): string {
  return accessPoints.length > 1 ? "lock" : accessPoints[0]!;
}
