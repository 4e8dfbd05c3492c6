import { type EChartsOption, init } from 'echarts';

/** The room a chart has. */
export interface ChartSize {
  readonly width: number;
  readonly height: number;
  /** For a phone: fewer labels, smaller margins. */
  readonly narrow: boolean;
}

export interface ChartHeights {
  readonly wide: number;
  readonly narrow: number;
}

/** Widths of the drawing in the report's column and on a phone. */
export const WIDE = 760;
export const NARROW = 348;

/** Draws a chart twice, for wide and for narrow screens, as SVG without scripts. */
export function drawChart(
  option: (size: ChartSize) => EChartsOption,
  heights: ChartHeights,
): { readonly wide: string; readonly narrow: string } {
  const draw = (width: number, height: number, narrow: boolean) => svg(option({ width, height, narrow }), { width, height });
  return { wide: draw(WIDE, heights.wide, false), narrow: draw(NARROW, heights.narrow, true) };
}

function svg(option: EChartsOption, { width, height }: { width: number; height: number }): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({ animation: false, backgroundColor: 'transparent', textStyle: { fontFamily: 'inherit' }, ...option });
  const text = chart.renderToSVGString();
  chart.dispose();
  return text
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/<rect width="\d+" height="\d+" x="0" y="0" (?:id="0" )?fill="(?:none|transparent)"[^>]*><\/rect>/, '')
    .replaceAll(/ (?:ecmeta_\w+|class|pointer-events)="[^"]*"/g, '')
    .replaceAll(/font-family:[^;"]*;?/g, '')
    .replaceAll(/\n+/g, '')
    .replace(/<svg [^>]*>/, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">`);
}

/** What all charts share: quiet axes, hair lines, the report's colours. */
export const AXIS = {
  axisLine: { lineStyle: { color: 'var(--rule)' } },
  axisTick: { show: false },
  axisLabel: { color: 'var(--muted)', fontSize: 12 },
  splitLine: { lineStyle: { color: 'var(--rule)' } },
  nameTextStyle: { color: 'var(--muted)', fontSize: 12 },
} as const;

export const LEGEND = {
  top: 0,
  left: 0,
  icon: 'roundRect',
  itemWidth: 14,
  itemHeight: 4,
  itemGap: 20,
  textStyle: { color: 'var(--muted)', fontSize: 12.5 },
} as const;
