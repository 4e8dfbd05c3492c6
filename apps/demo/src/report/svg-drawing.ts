import { escapeHtml } from './html-text.ts';

/** A drawing of boxes, lines and words; colours may be the report's CSS variables. */
export interface SvgDrawing {
  rect(place: { x: number; y: number; width: number; height: number }, look?: ShapeLook & { readonly radius?: number }): void;
  line(points: readonly (readonly [number, number])[], look?: ShapeLook & { readonly arrow?: boolean }): void;
  text(text: string, place: { x: number; y: number }, look?: TextLook): void;
  toString(): string;
}

export interface ShapeLook {
  readonly fill?: string;
  readonly stroke?: string;
  readonly width?: number;
  readonly opacity?: number;
  readonly dash?: string;
}

export interface TextLook {
  readonly size?: number;
  readonly fill?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly weight?: number;
  /** A rim in the colour of the card, where lines pass behind. */
  readonly halo?: boolean;
}

const ARROW = 5;

/** Starts a drawing of this size. `label` is read out where the drawing cannot be seen. */
export function svgDrawing({ width, height, label }: { width: number; height: number; label: string }): SvgDrawing {
  const parts: string[] = [];
  return {
    rect({ x, y, width: w, height: h }, { radius = 4, ...look } = {}) {
      parts.push(`<rect x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}" rx="${radius}"${attributes({ fill: 'none', ...look })}/>`);
    },
    line(points, { arrow = false, ...look } = {}) {
      const path = points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${n(x)} ${n(y)}`).join('');
      const { stroke = 'var(--muted)' } = look;
      parts.push(`<path d="${path}"${attributes({ fill: 'none', stroke, ...look })}/>`);
      if (arrow)
        parts.push(`<path d="${arrowHead(points)}" fill="${stroke}"${look.opacity === undefined ? '' : ` opacity="${look.opacity}"`}/>`);
    },
    text(text, { x, y }, { size = 12, fill = 'var(--ink)', anchor = 'middle', weight, halo = false } = {}) {
      const style = `${weight === undefined ? '' : ` font-weight="${weight}"`}${halo ? ' stroke="var(--card)" stroke-width="5" stroke-linejoin="round" paint-order="stroke"' : ''}`;
      parts.push(
        `<text x="${n(x)}" y="${n(y)}" font-size="${size}" fill="${fill}" text-anchor="${anchor}" dominant-baseline="central"${style}>${escapeHtml(text)}</text>`,
      );
    },
    toString: () =>
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${n(width)} ${n(height)}" role="img" aria-label="${escapeHtml(label)}">${parts.join('')}</svg>`,
  };
}

function attributes({ fill, stroke, width, opacity, dash }: ShapeLook): string {
  const list = { fill, stroke, 'stroke-width': width, opacity, 'stroke-dasharray': dash };
  return Object.entries(list)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('');
}

/** A triangle whose tip is the last point. */
function arrowHead(points: readonly (readonly [number, number])[]): string {
  const [x, y] = points.at(-1) as readonly [number, number];
  const [fromX, fromY] = points.at(-2) as readonly [number, number];
  const length = Math.hypot(x - fromX, y - fromY);
  const [dx, dy] = [((x - fromX) / length) * ARROW, ((y - fromY) / length) * ARROW];
  return `M${n(x)} ${n(y)}L${n(x - dx - dy * 0.7)} ${n(y - dy + dx * 0.7)}L${n(x - dx + dy * 0.7)} ${n(y - dy - dx * 0.7)}Z`;
}

function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}
