/** A time as it was written: a number, or a date of the proleptic Gregorian calendar with or without a clock. */
export interface TimeStamp {
  readonly kind: 'number' | 'date';
  /** The number, or milliseconds since 1970 (a date without zone is taken as UTC). */
  readonly value: number;
  /** Writes another time of the same kind in the same manner. */
  format(value: number): string;
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:([T ])(\d{2}):(\d{2})(:(\d{2})(\.\d{1,3})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Reads `17`, `0.5`, `2024-03-01`, `2024-03-01 06:00`, `2024-03-01T06:00:00+01:00`; undefined for anything else. */
export function parseTimeStamp(text: string): TimeStamp | undefined {
  return parseNumber(text) ?? parseDate(text);
}

function parseNumber(text: string): TimeStamp | undefined {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) return undefined;
  const decimals = text.split('.')[1]?.length ?? 0;
  return { kind: 'number', value: Number(text), format: (value) => String(Number(value.toFixed(Math.max(decimals, 9)))) };
}

function parseDate(text: string): TimeStamp | undefined {
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, separator, hour = '0', minute = '0', seconds, second = '0', fraction, zone] = match;
  const offset = zoneMinutes(zone) * 60_000;
  const local =
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) + Number(fraction ?? 0) * 1000;
  const exists = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60 && new Date(local).getUTCDate() === Number(day);
  if (!exists || Number(month) < 1 || Number(month) > 12) return undefined;
  return {
    kind: 'date',
    value: local - offset,
    format(value) {
      const iso = new Date(value + offset).toISOString();
      if (separator === undefined) return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso.slice(0, 19);
      const end = fraction !== undefined ? 23 : seconds !== undefined ? 19 : 16;
      return `${iso.slice(0, 10)}${separator}${iso.slice(11, end)}${zone ?? ''}`;
    },
  };
}

function zoneMinutes(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith('-') ? -minutes : minutes;
}
