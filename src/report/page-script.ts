/**
 * The script of the reports; needs uPlot. It draws each chart of the page's data (see charts.ts) in the colours of
 * the style sheet, again when these or the width change, and filters the table. The page reads without it.
 */
export const pageScript = `
(() => {
  "use strict";
  const charts = JSON.parse(document.getElementById("charts").textContent);
  const drawn = new Map();

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

  function drawGuides(plot, guides) {
    const { ctx } = plot;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(plot.bbox.left, plot.bbox.top, plot.bbox.width, plot.bbox.height);
    ctx.clip();
    ctx.strokeStyle = ctx.fillStyle = colour("guide");
    ctx.lineWidth = 1.5 * ratio;
    ctx.setLineDash([6 * ratio, 4 * ratio]);
    ctx.font = 12 * ratio + "px system-ui, sans-serif";
    ctx.textBaseline = "top";
    for (const guide of guides) {
      const [x0, x1] = [guide.from[0], guide.to[0]].map((x) => plot.valToPos(x, "x", true));
      const [y0, y1] = [guide.from[1], guide.to[1]].map((y) => plot.valToPos(y, "y", true));
      ctx.beginPath();
      ctx.moveTo(x0, y0);
      ctx.lineTo(x1, y1);
      ctx.stroke();
      if (!guide.label) continue;
      const room = plot.bbox.left + plot.bbox.width - x1;
      const fits = ctx.measureText(guide.label).width + 8 * ratio < room;
      ctx.textAlign = fits ? "left" : "right";
      ctx.fillText(guide.label, x1 + (fits ? 5 : -5) * ratio, Math.min(y0, y1) + 4 * ratio);
    }
    ctx.restore();
  }

  function options(chart, width) {
    const axis = (label, size) => ({
      label, size, labelSize: 18, gap: 4, labelGap: 2, stroke: colour("ink"), font: "12px system-ui, sans-serif",
      labelFont: "12px system-ui, sans-serif", grid: { stroke: colour("line"), width: 1 },
      ticks: { stroke: colour("line"), width: 1 },
    });
    const paths = chart.kind === "steps" ? uPlot.paths.stepped({ align: 1 }) : uPlot.paths.linear();
    const series = chart.series.map(({ label, tone }) => ({
      label, paths, stroke: colour(tone), width: 2, points: { show: false },
      fill: chart.kind === "steps" ? colour(tone) + "2e" : undefined,
    }));
    return {
      width, height: 280, series: [{}, ...series], axes: [axis(chart.xLabel, 30), axis(chart.yLabel, 42)],
      scales: { x: { time: false, range: chart.xRange }, y: { range: chart.yRange } },
      legend: { live: false, markers: { width: 2 } }, cursor: { show: false },
      hooks: { draw: [(plot) => drawGuides(plot, chart.guides)] },
    };
  }

  function draw(place) {
    const chart = charts.find(({ id }) => id === place.dataset.chart);
    drawn.get(place)?.destroy();
    const data = [chart.x, ...chart.series.map(({ y }) => y)];
    drawn.set(place, new uPlot(options(chart, place.clientWidth), data, place));
  }

  const places = [...document.querySelectorAll("[data-chart]")];
  const drawAll = () => places.forEach(draw);
  const resized = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const plot = drawn.get(target);
      if (plot && plot.width !== target.clientWidth) plot.setSize({ width: target.clientWidth, height: 280 });
    }
  });
  drawAll();
  places.forEach((place) => resized.observe(place));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  addEventListener("beforeprint", () => { document.documentElement.classList.add("printing"); drawAll(); });
  addEventListener("afterprint", () => { document.documentElement.classList.remove("printing"); drawAll(); });

  const search = document.getElementById("search");
  const only = document.getElementById("only-abnormal");
  const shown = document.getElementById("shown");
  function filter() {
    const text = search.value.trim().toLowerCase();
    const rows = [...document.querySelectorAll("#images tbody tr")];
    let count = 0;
    for (const row of rows) {
      const fits = row.querySelector(".file").textContent.toLowerCase().includes(text);
      row.hidden = !fits || (only.checked && !row.classList.contains("abnormal"));
      if (!row.hidden) count++;
    }
    shown.textContent = count === rows.length ? "" : count + " of " + rows.length + " shown";
  }
  search?.addEventListener("input", filter);
  only?.addEventListener("change", filter);
})();
`;
