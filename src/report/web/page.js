"use strict";
// Draws the charts that have data anew, with values under the pointer; switches strategies and the look of the page.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const root = document.documentElement;
  const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");
  const strategies = new Map(data.strategies.map((strategy) => [strategy.slot, strategy]));
  const hidden = new Set();
  const plots = [];
  // With more strategies than these, bands hide what they should show.
  const FEW = 4;
  // A goal so many times as high as all data is not drawn: it would press them together.
  const FAR = 1.6;
  const OPACITIES = ["40", "26"];
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

  const isDark = () => root.classList.contains("dark") || (prefersDark.matches && !root.classList.contains("light"));
  const colour = (slot) => strategies.get(slot).line[isDark() ? 1 : 0];
  const variable = (name) => getComputedStyle(root).getPropertyValue(name).trim();

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // Four significant digits, whole numbers in full.
  function readable(value) {
    if (value === null || value === undefined) return "–";
    const rounded = Number.isInteger(value) ? value : Number(value.toPrecision(4));
    return rounded.toLocaleString("en-US", { maximumFractionDigits: 9 });
  }

  // To a tenth of a percent, or nearer where that would read as nothing or all.
  function percent(share) {
    if (share === null || share === undefined) return "–";
    const value = 100 * share;
    const digits = value < 1 || value > 99 ? 100 : 10;
    return readable(Math.round(value * digits) / digits) + " %";
  }

  // The name of a month that ends at a time. The end of a month of equal length may lie a few days into the next.
  function monthEndText(time) {
    const date = new Date((time - 4 * 86400) * 1000);
    return MONTHS[date.getUTCMonth()] + " " + date.getUTCFullYear();
  }

  // The value of steps at a time.
  function stepAt(steps, time) {
    let value = null;
    for (const [from, next] of steps) if (from <= time) value = next;
    return value;
  }

  const shown = (panel) => panel.series.filter((series) => !hidden.has(series.slot));

  // One chart of the page: its choice of panels, its plot, and the table of values below it.
  class Plot {
    constructor(figure, chart) {
      this.chart = chart;
      this.bands = Math.max(0, ...chart.panels.flatMap((panel) => panel.series.map((one) => one.bands.length)));
      this.format = chart.unit === "" ? percent : readable;
      this.place = figure.querySelector(".live");
      this.place.append(element("p", "title", chart.title));
      for (const words of [chart.subtitle, chart.note]) if (words) this.place.append(element("p", "note", words));
      this.panel = chart.panels[0];
      if (chart.panels.length > 1) this.place.append(this.choice());
      if (chart.unit) this.place.append(element("p", "note", chart.unit));
      this.canvas = element("div", "plot");
      this.canvas.tabIndex = 0;
      this.canvas.setAttribute("role", "group");
      this.canvas.setAttribute("aria-label", chart.title + ": left and right arrow keys go from month to month");
      this.canvas.addEventListener("keydown", (event) => this.step(event));
      this.place.append(this.canvas);
      this.table = element("table", "readout");
      this.table.setAttribute("aria-live", "polite");
      this.place.append(this.table);
      this.place.append(element("p", "note hint", this.hint()));
      this.place.hidden = false;
      figure.classList.add("drawn");
      this.build();
      new ResizeObserver(() => this.resize()).observe(this.canvas);
    }

    hint() {
      const words = [];
      const { panels } = this.chart;
      if (this.bands > 0 && strategies.size > FEW) words.push("Bands are drawn for up to " + FEW + " strategies.");
      if (panels.some((panel) => panel.due !== null)) words.push("A dotted upright line is the day by which the goal is due.");
      words.push("Drag across to zoom in, double-click to go back.");
      return words.join(" ");
    }

    choice() {
      const label = element("label", "choice", "Shown: ");
      const select = element("select");
      this.chart.panels.forEach((panel, index) => {
        const option = element("option", "", panel.name);
        option.value = index;
        select.append(option);
      });
      select.addEventListener("change", () => {
        this.panel = this.chart.panels[Number(select.value)];
        this.build();
      });
      label.append(select);
      return label;
    }

    // The lists that uPlot draws: times, then the bands of each strategy from the widest, low before high, then all lines.
    build() {
      if (this.plot) this.plot.destroy();
      const lists = [this.chart.times];
      const series = [{}];
      const bands = [];
      this.parts = [null];
      for (const one of this.panel.series) {
        for (let band = one.bands.length - 1; band >= 0; band--) {
          for (const limits of one.bands[band]) {
            lists.push(limits);
            series.push({ width: 0, points: { show: false }, stroke: "transparent" });
            this.parts.push({ slot: one.slot, band });
          }
          const high = lists.length - 1;
          const fill = () => colour(one.slot) + OPACITIES[Math.min(band, OPACITIES.length - 1)];
          bands.push({ series: [high, high - 1], fill });
        }
      }
      for (const one of this.panel.series) {
        lists.push(one.line);
        const dash = strategies.get(one.slot).dash;
        const stroke = () => colour(one.slot);
        series.push({ label: strategies.get(one.slot).name, width: 2, dash, stroke, points: { show: false } });
        this.parts.push({ slot: one.slot, band: null });
      }
      for (const one of this.panel.series.filter((series) => series.beside.length)) {
        lists.push(one.beside);
        series.push({ width: 1, stroke: () => colour(one.slot), points: { show: false } });
        this.parts.push({ slot: one.slot, band: null });
      }
      this.rows();
      this.plot = new uPlot(this.options(series, bands), lists, this.canvas);
      this.show();
    }

    options(series, bands) {
      const axis = {
        stroke: () => variable("--muted"),
        font: "12px system-ui, sans-serif",
        grid: { stroke: () => variable("--line"), width: 1 },
        ticks: { stroke: () => variable("--line"), width: 1 },
      };
      const first = this.chart.times[0];
      const wide = (labels) => (labels || []).reduce((most, label) => Math.max(most, label.length), 0);
      return {
        ...this.size(),
        pxAlign: 0,
        tzDate: (time) => uPlot.tzDate(new Date(time * 1000), "Etc/UTC"),
        legend: { show: false },
        cursor: { y: false, sync: { key: "handover" }, drag: { x: true, y: false } },
        scales: {
          x: { time: true, range: (plot, low, high) => (low === first ? [this.chart.start, high] : [low, high]) },
          y: { range: (plot, low, high) => this.range(low, high) },
        },
        axes: [
          { ...axis, grid: { show: false }, space: 60 },
          {
            ...axis,
            size: (plot, labels) => 20 + 7.5 * Math.max(3, wide(labels)),
            values: (plot, values) => values.map((value) => this.format(value)),
          },
        ],
        series,
        bands,
        hooks: {
          drawAxes: [(plot) => this.transfers(plot)],
          draw: [(plot) => this.marks(plot)],
          setCursor: [(plot) => this.tell(plot.cursor.idx)],
        },
      };
    }

    // The goals that are not far beyond data up to this value.
    targets(high) {
      return this.panel.targets.filter(([level]) => level !== null && (high <= 0 || level <= FAR * high));
    }

    // All data and 0, with some room; all of 0 to 1 for shares.
    range(low, high) {
      if (this.chart.unit === "") return [0, 1];
      const wanted = this.panel.wanted.map((step) => step[1]);
      const data = Math.max(0, high === null ? 0 : high, ...wanted);
      const most = Math.max(data, ...this.targets(data).map(([level]) => level));
      const least = Math.min(0, low === null ? 0 : low);
      const room = 0.04 * (most - least || 1);
      return [least < 0 ? least - room : 0, most + room];
    }

    size() {
      const width = Math.max(200, this.canvas.clientWidth);
      return { width, height: width < 600 ? 260 : 340 };
    }

    resize() {
      const size = this.size();
      if (size.width !== this.plot.width) this.plot.setSize(size);
    }

    // Median days of transfers, with the days between which most of them lie, behind the lines.
    transfers(plot) {
      const { ctx, bbox } = plot;
      ctx.save();
      ctx.beginPath();
      ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
      ctx.clip();
      for (const one of shown(this.panel).filter((series) => series.transfer)) {
        const [median, low, high] = one.transfer.map((time) => plot.valToPos(time, "x", true));
        ctx.fillStyle = colour(one.slot);
        ctx.fillRect(low, bbox.top, high - low, 4 * uPlot.pxRatio);
        this.stroke(plot, colour(one.slot), [2, 3], [[median, bbox.top], [median, bbox.top + bbox.height]]);
      }
      ctx.restore();
    }

    // What is wanted, required and due, over the lines.
    marks(plot) {
      const { ctx, bbox } = plot;
      const right = bbox.left + bbox.width;
      const ink = variable("--ink");
      ctx.save();
      ctx.beginPath();
      ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
      ctx.clip();
      const points = [];
      for (const [time, value] of this.panel.wanted) {
        const x = plot.valToPos(time, "x", true);
        if (points.length) points.push([x, points[points.length - 1][1]]);
        points.push([x, plot.valToPos(value, "y", true)]);
      }
      if (points.length) points.push([Math.max(right, points[points.length - 1][0]), points[points.length - 1][1]]);
      this.stroke(plot, ink, [6, 4], points);
      for (const target of this.panel.targets) this.target(plot, target);
      if (this.panel.required !== null) {
        const y = plot.valToPos(this.panel.required, "y", true);
        this.stroke(plot, ink, [6, 4], [[bbox.left, y], [right, y]]);
      }
      if (this.panel.due !== null) {
        const x = plot.valToPos(this.panel.due, "x", true);
        this.stroke(plot, ink, [2, 3], [[x, bbox.top], [x, bbox.top + bbox.height]]);
      }
      ctx.restore();
    }

    // A goal: its level up to the day on which it is due, with its name.
    target(plot, [level, due, name]) {
      const { ctx, bbox } = plot;
      if (level === null || level > plot.scales.y.max) return;
      const [x, y] = [plot.valToPos(due, "x", true), plot.valToPos(level, "y", true)];
      const ink = variable("--ink");
      this.stroke(plot, ink, [], [[bbox.left, y], [x, y]]);
      ctx.fillStyle = ink;
      ctx.beginPath();
      ctx.arc(x, y, 4 * uPlot.pxRatio, 0, 2 * Math.PI);
      ctx.fill();
      ctx.font = "600 " + 12 * uPlot.pxRatio + "px system-ui, sans-serif";
      [ctx.textAlign, ctx.textBaseline] = ["left", "bottom"];
      const width = ctx.measureText(name).width;
      ctx.fillText(name, Math.max(bbox.left + 4, Math.min(x - width, bbox.left + bbox.width - width)), y - 5 * uPlot.pxRatio);
    }

    stroke(plot, style, dash, points) {
      const { ctx } = plot;
      ctx.beginPath();
      ctx.strokeStyle = style;
      ctx.lineWidth = 1.5 * uPlot.pxRatio;
      ctx.setLineDash(dash.map((length) => length * uPlot.pxRatio));
      points.forEach(([x, y], index) => (index ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
      ctx.stroke();
      ctx.setLineDash([]);
    }

    // The table of values: a row for each strategy, and what is asked for below them.
    rows() {
      this.table.replaceChildren();
      const head = element("thead").appendChild(element("tr"));
      this.date = head.appendChild(element("th"));
      for (const words of this.chart.words) head.append(element("th", "right", words));
      const body = element("tbody");
      this.cells = this.panel.series.map((one) => {
        const row = body.appendChild(element("tr"));
        row.dataset.row = one.slot;
        const name = row.appendChild(element("th", "", ""));
        const sample = document.querySelector('[data-sample="' + one.slot + '"] svg');
        if (sample) name.append(sample.cloneNode(true), " ");
        name.append(strategies.get(one.slot).name);
        return { row, slot: one.slot, values: this.chart.words.map(() => row.appendChild(element("td", "right"))) };
      });
      this.asked = null;
      const asked = this.panel.wanted.length ? "wanted (dashed)" : this.panel.required !== null ? "required (dashed)" : "";
      if (asked) {
        const row = body.appendChild(element("tr"));
        row.append(element("th", "", asked));
        this.asked = row.appendChild(element("td", "right"));
        this.chart.words.slice(1).forEach(() => row.append(element("td")));
      }
      this.table.append(head.parentNode, body);
    }

    // Returns the month to show while the pointer is elsewhere: that in which a goal is due, or the last.
    rest() {
      const { due } = this.panel;
      const { times } = this.chart;
      const until = due === null ? times.length : times.filter((time) => time < due + 86400).length;
      return Math.max(0, until - 1);
    }

    // Fills the table with the values under the pointer.
    tell(index) {
      const at = index === null || index === undefined ? this.rest() : index;
      const time = this.chart.times[at];
      this.date.textContent = "Month " + (at + 1) + ", " + monthEndText(time);
      this.cells.forEach(({ values }, row) => {
        const one = this.panel.series[row];
        values[0].textContent = this.format(one.line[at]);
        one.bands.forEach(([low, high], band) => {
          const limits = [low[at], high[at]].map((limit) => this.format(limit));
          values[band + 1].textContent = limits[0] === "–" ? "–" : limits[0] + " to " + limits[1];
        });
        if (one.beside.length) values[this.bands + 1].textContent = this.format(one.beside[at]);
      });
      if (!this.asked) return;
      const wanted = this.panel.required === null ? stepAt(this.panel.wanted, time - 1) : this.panel.required;
      this.asked.textContent = this.format(wanted);
    }

    // Arrow keys go from month to month.
    step(event) {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!by) return;
      event.preventDefault();
      const last = this.chart.times.length - 1;
      const now = this.plot.cursor.idx;
      const at = now === null || now === undefined ? (by > 0 ? 0 : last) : Math.min(last, Math.max(0, now + by));
      this.plot.setCursor({ left: this.plot.valToPos(this.chart.times[at], "x"), top: 0 });
      this.tell(at);
    }

    // Shows the strategies that are switched on.
    show() {
      const isShown = ({ slot, band }) => !hidden.has(slot) && (band === null || shown(this.panel).length <= FEW);
      this.plot.batch(() => {
        this.parts.forEach((part, index) => {
          if (part) this.plot.setSeries(index, { show: isShown(part) });
        });
      });
      this.plot.redraw();
      this.cells.forEach(({ row, slot }) => { row.hidden = hidden.has(slot); });
      this.tell(this.plot.cursor.idx);
    }
  }

  function showAll() {
    for (const part of document.querySelectorAll("figure [data-strategy]")) {
      if (hidden.has(Number(part.dataset.strategy))) part.setAttribute("display", "none");
      else part.removeAttribute("display");
    }
    plots.forEach((plot) => plot.show());
  }

  function controls() {
    for (const box of document.querySelectorAll("[data-switch]")) {
      box.addEventListener("change", () => {
        const slot = Number(box.dataset.switch);
        if (box.checked) hidden.delete(slot);
        else hidden.add(slot);
        showAll();
      });
    }
    const look = document.getElementById("look");
    look.addEventListener("change", () => {
      root.classList.remove("light", "dark");
      if (look.value !== "auto") root.classList.add(look.value);
      plots.forEach((plot) => plot.plot.redraw());
    });
    prefersDark.addEventListener("change", () => plots.forEach((plot) => plot.plot.redraw()));
    document.getElementById("controls").hidden = false;
  }

  // Details are folded on paper unless the reader wants them there.
  function details() {
    const box = document.getElementById("appendix");
    const folded = () => document.querySelectorAll("main > details:not([open])");
    let opened = [];
    window.addEventListener("beforeprint", () => {
      opened = box && box.checked ? [...folded()] : [];
      opened.forEach((part) => { part.open = true; });
    });
    window.addEventListener("afterprint", () => opened.forEach((part) => { part.open = false; }));
    // A link into a folded part unfolds it.
    const unfold = () => {
      const part = document.getElementById(location.hash.slice(1));
      if (part && part.tagName === "DETAILS") part.open = true;
    };
    window.addEventListener("hashchange", unfold);
    unfold();
  }

  controls();
  details();
  for (const [id, chart] of Object.entries(data.charts)) {
    plots.push(new Plot(document.getElementById(id), chart));
  }
})();
