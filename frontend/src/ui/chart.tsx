import { useComputedColorScheme } from '@mantine/core';
import { BarChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';

use([BarChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

export interface Series {
  name: string;
  /** A custom property of the theme, such as `--ent-paid`. */
  color: string;
  /** Plain numbers for the height of the bars; exact figures belong into `tell`. */
  values: number[];
}

/** The colour a custom property has now; charts are drawn, not styled. */
const colorOf = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Bars side by side. A picture only: the screen that shows it offers the same figures as a table. */
export default function Bars({
  categories,
  series,
  label,
  tell,
  axis,
}: {
  categories: string[];
  series: Series[];
  label: string;
  /** The exact figure of a bar. */
  tell: (series: number, category: number) => string;
  /** A figure on the axis. */
  axis: (value: number) => string;
}) {
  const place = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read from the page, which follows the scheme
  useEffect(() => {
    if (!place.current) return;
    const chart = init(place.current, null, { renderer: 'svg' });
    // A named font: the library measures texts on its own to place the legend.
    const fontFamily = getComputedStyle(place.current).fontFamily;
    const text = { color: colorOf('--mantine-color-dimmed'), fontFamily };
    const line = { lineStyle: { color: colorOf('--ent-line') } };
    chart.setOption({
      animation: false,
      grid: { left: 8, right: 8, top: 40, bottom: 8, containLabel: true },
      legend: { top: 0, left: 0, itemGap: 16, textStyle: text, itemWidth: 12, itemHeight: 12 },
      tooltip: {
        trigger: 'axis',
        axisPointer: { type: 'shadow' },
        backgroundColor: colorOf('--ent-surface'),
        borderColor: colorOf('--ent-line'),
        textStyle: { color: colorOf('--mantine-color-text'), fontFamily },
        renderMode: 'richText',
        formatter: (points: unknown) => {
          const [first, ...rest] = points as { dataIndex: number; seriesIndex: number }[];
          if (!first) return '';
          const rows = [first, ...rest].map(
            (p) => `${series[p.seriesIndex]?.name}  ${tell(p.seriesIndex, p.dataIndex)}`,
          );
          return [categories[first.dataIndex], ...rows].join('\n');
        },
      },
      xAxis: {
        type: 'category',
        data: categories,
        axisLabel: text,
        axisLine: line,
        axisTick: { show: false },
      },
      yAxis: { type: 'value', axisLabel: { ...text, formatter: axis }, splitLine: line },
      series: series.map((one) => ({
        type: 'bar',
        name: one.name,
        data: one.values,
        itemStyle: { color: colorOf(one.color), borderRadius: [2, 2, 0, 0] },
        barMaxWidth: 22,
      })),
    });
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(place.current);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [categories, series, tell, axis, scheme]);
  return <div ref={place} className="chart" role="img" aria-label={label} />;
}
