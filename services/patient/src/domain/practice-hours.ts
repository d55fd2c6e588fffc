import { DateTime } from 'luxon';

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const minutesOfDay = 24 * 60;

interface Span {
  /** 1 is Monday, as ISO 8601 has it. */
  days: number[];
  /** Minutes since midnight by the clock on the wall. */
  from: number;
  until: number;
}

/** When the practice is at work, by the clock on its wall: on the nights when that changes as on all others. */
export class PracticeHours {
  private readonly spans: Span[];

  /**
   * @param text `mon-fri 07:00-20:00,sat 08:00-13:00`
   * @param zone of the practice (IANA)
   * @throws Error naming the part that says nothing
   */
  constructor(
    text: string,
    private readonly zone: string,
  ) {
    this.spans = text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean)
      .map(readSpan);
  }

  isOpen(at: Date): boolean {
    const { weekday, hour, minute } = DateTime.fromJSDate(at, { zone: this.zone });
    const minutes = hour * 60 + minute;
    return this.spans.some((span) => span.days.includes(weekday) && span.from <= minutes && minutes < span.until);
  }

  /** The day of the practice, YYYY-MM-DD. */
  dayOf(at: Date): string {
    return DateTime.fromJSDate(at, { zone: this.zone }).toISODate() as string;
  }
}

function readSpan(part: string): Span {
  const [, first = '', last = first, from = '', until = ''] =
    /^([a-z]{3})(?:-([a-z]{3}))? (\d{2}:\d{2})-(\d{2}:\d{2})$/.exec(part) ?? [];
  const [begin, end] = [days.indexOf(first), days.indexOf(last)];
  const span = { days: begin <= end ? range(begin + 1, end + 1) : [], from: minutesIn(from), until: minutesIn(until) };
  if (begin < 0 || end < begin || !(span.from < span.until && span.until <= minutesOfDay)) {
    throw new Error(`${part}: is not like mon-fri 07:00-20:00`);
  }
  return span;
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, nth) => from + nth);

function minutesIn(text: string): number {
  const [hours = Number.NaN, minutes = Number.NaN] = text.split(':').map(Number);
  return minutes < 60 ? hours * 60 + minutes : Number.NaN;
}
