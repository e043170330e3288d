import type { TimestampFormat } from './shape.js';

type ConcreteFormat = Exclude<TimestampFormat, 'default'>;

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const isoPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/;
const epochPattern = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** `fallback` where the model leaves the format open. */
export function concreteFormat(format: TimestampFormat, fallback: ConcreteFormat): ConcreteFormat {
  return format === 'default' ? fallback : format;
}

/** Writes a timestamp as text; whole seconds carry no fraction. */
export function formatTimestamp(date: Date, format: ConcreteFormat): string {
  if (format === 'epoch-seconds') return String(date.getTime() / 1000);
  if (format === 'http-date') return date.toUTCString();
  return date.toISOString().replace('.000Z', 'Z');
}

/**
 * Reads a timestamp from text in any of AWS's three formats: AWS's services take all of them, whatever
 * the model says. Undefined when the text is none.
 */
export function parseTimestamp(text: string): Date | undefined {
  if (epochPattern.test(text)) return validDate(Math.round(Number(text) * 1000));
  if (isoPattern.test(text) || weekdays.includes(text.slice(0, 3))) return validDate(Date.parse(text));
  return undefined;
}

/** The date of a number of milliseconds; undefined beyond what a Date can hold. */
export function validDate(epochMs: number): Date | undefined {
  const date = new Date(epochMs);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
