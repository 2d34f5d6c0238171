// What of ECharts our charts are made of, in a chunk of its own that is fetched with the first chart. It draws SVG, whose
// colours are custom properties of the page, and no canvas.
import { LineChart } from "echarts/charts";
import { GridComponent } from "echarts/components";
import { init, use, type ECharts } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { optionsOf, type LinesChart } from "./lines.ts";

use([LineChart, GridComponent, SVGRenderer]);

/** A chart in an element of the page. */
export class Drawing {
  private readonly chart: ECharts;
  private readonly font: string;

  constructor(element: HTMLElement) {
    this.font = getComputedStyle(element).fontFamily;
    this.chart = init(element, null, { renderer: "svg" });
  }

  /** draw shows these lines instead of those before. */
  draw(chart: LinesChart): void {
    this.chart.setOption(optionsOf({ ...chart, font: this.font }), { notMerge: true });
  }

  /** fit takes the size that the element has now. */
  fit(): void {
    this.chart.resize();
  }

  /** at gives the pixel of a value at a place. */
  at(place: number, value: number): { x: number; y: number } {
    const [x = 0, y = 0] = this.chart.convertToPixel({ gridIndex: 0 }, [place, value]);
    return { x, y };
  }

  /** near gives the place that is nearest to a pixel, however far away. */
  near(x: number): number {
    return Math.round(this.chart.convertFromPixel({ gridIndex: 0 }, [x, 0])[0] ?? 0);
  }

  end(): void {
    this.chart.dispose();
  }
}
