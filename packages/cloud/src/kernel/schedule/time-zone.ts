/** The parts of a date as a clock on the wall of a time zone shows them. */
export interface WallTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether there is a time zone of that name: `UTC`, `Europe/Berlin`. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** What the clock on the wall shows at an instant. */
export function wallTime(instantMs: number, timeZone: string): WallTime {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(instantMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  return { year: part('year'), month: part('month'), day: part('day'), hour: part('hour'), minute: part('minute') };
}

/**
 * The instant at which the clock on the wall shows a time; the first of two where clocks are set back. Where clocks are
 * set forward there may be none: undefined.
 */
export function instantOf(wall: WallTime, timeZone: string): number | undefined {
  const asUtcMs = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);
  // Zones are between 14 hours before and 12 hours behind UTC; the offset around the time is one of these two.
  for (const probeMs of [asUtcMs - 86_400_000, asUtcMs + 86_400_000]) {
    const shown = wallTime(probeMs, timeZone);
    const offsetMs =
      Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour, shown.minute) -
      Math.floor(probeMs / 60_000) * 60_000;
    const instantMs = asUtcMs - offsetMs;
    if (isSame(wallTime(instantMs, timeZone), wall)) return instantMs;
  }
  return undefined;
}

function isSame(one: WallTime, other: WallTime): boolean {
  return one.day === other.day && one.hour === other.hour && one.minute === other.minute && one.month === other.month;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
    formats.set(timeZone, format);
  }
  return format;
}
